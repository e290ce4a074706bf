"""A small writer of .xlsb workbooks (BIFF12), since no program at hand saves that format."""

import struct
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

ERRORS = {"#DIV/0!": 0x07, "#N/A": 0x2A}
PLAIN, DATE, PERCENT, LEGACY = range(4)
EPOCH = datetime(1899, 12, 30)

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb_of(path: Path) -> Path:
    """The workbook (as openpyxl reads it) saved as .xlsb beside it, with dates, percentages, errors and old fonts."""
    book = load_workbook(path)
    sheets = {sheet.title: sheet_part(_cells(sheet.iter_rows()), _merges(sheet)) for sheet in book.worksheets}
    target = path.with_suffix(".xlsb")
    target.write_bytes(package_of(sheets))
    return target


def package_of(sheets: dict[str, bytes]) -> bytes:
    """The package of a workbook from the parts of its sheets."""
    names = list(sheets)
    links = [f'<Relationship Id="rId{n}" Type="{_KIND}/worksheet" Target="worksheets/sheet{n}.bin"/>'
             for n in range(1, len(names) + 1)]  # fmt: skip
    links.append(f'<Relationship Id="rIdS" Type="{_KIND}/styles" Target="styles.bin"/>')
    main = f'<Relationship Id="rId1" Type="{_KIND}/officeDocument" Target="xl/workbook.bin"/>'
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(main))
        package.writestr("xl/workbook.bin", _workbook(names))
        package.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format("".join(links)))
        package.writestr("xl/styles.bin", _styles())
        for number, name in enumerate(names, start=1):
            package.writestr(f"xl/worksheets/sheet{number}.bin", sheets[name])
    return buffer.getvalue()


def record(kind: int, body: bytes = b"") -> bytes:
    """One record: its kind in one or two bytes of 7 bits, its size in up to four."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = bytearray(), len(body)
    while left >= 0x80:
        size.append(left & 0x7F | 0x80)
        left >>= 7
    return head + bytes([*size, left]) + body


def wide(text: str) -> bytes:
    """A counted UTF-16 string."""
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def sheet_part(cells: Iterator[tuple[int, int, int, object]], merges: bytes = b"") -> bytes:
    """A sheet's part from its cells: row and column from 0, style, value; in the order of rows."""
    body, last = [record(129), record(148, bytes(16)), record(145)], None
    for row, column, style, value in cells:
        if row != last:
            body.append(record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0, 0, 0)))
            last = row
        body.append(_cell(column, style, value))
    return b"".join([*body, record(146), merges, record(130)])


def _merges(sheet: Worksheet) -> bytes:
    ranges = sheet.merged_cells.ranges
    places = (
        struct.pack("<IIII", one.min_row - 1, one.max_row - 1, one.min_col - 1, one.max_col - 1) for one in ranges
    )
    head = record(177, struct.pack("<I", len(ranges)))
    return b"".join([head, *(record(176, place) for place in places), record(178)]) if ranges else b""


def _cell(column: int, style: int, value: object) -> bytes:
    head = struct.pack("<II", column, style)
    if isinstance(value, bool):
        return record(4, head + bytes([value]))
    if isinstance(value, int | float):
        return record(5, head + struct.pack("<d", value))
    if isinstance(value, str) and value in ERRORS:
        return record(3, head + bytes([ERRORS[value]]))
    return record(6, head + wide(str(value)))


def _cells(rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[int, int, int, object]]:
    for row in rows:
        for cell in row:
            if cell.value is not None:
                yield cell.row - 1, cell.column - 1, _style(cell), _value(cell.value)


def _style(cell: Cell) -> int:
    if isinstance(cell.value, date):
        return DATE
    if cell.number_format.endswith("0%"):
        return PERCENT
    return LEGACY if cell.font.name.startswith(".Vn") else PLAIN


def _value(value: object) -> object:
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return float((moment - EPOCH).days)
    return value


def _workbook(names: list[str]) -> bytes:
    sheets = (struct.pack("<II", 0, n) + wide(f"rId{n}") + wide(name) for n, name in enumerate(names, start=1))
    return b"".join([record(131), record(143), *(record(156, sheet) for sheet in sheets), record(144), record(132)])


def _styles() -> bytes:
    fonts = (struct.pack("<HHHHBBBBQB", 220, 0, 400, 0, 0, 0, 0, 0, 0, 0) + wide(name) for name in ("Arial", ".VnTime"))
    formats = [(0, 0), (14, 0), (200, 0), (0, 1)]
    cells = (struct.pack("<HHHHH", 0, number_format, font, 0, 0) + bytes(6) for number_format, font in formats)
    return b"".join(
        [
            record(278),
            record(615, struct.pack("<I", 1)),
            record(44, struct.pack("<H", 200) + wide("0.0%")),
            record(616),
            record(611, struct.pack("<I", 2)),
            *(record(43, font) for font in fonts),
            record(612),
            record(617, struct.pack("<I", len(formats))),
            *(record(47, cell) for cell in cells),
            record(618),
            record(279),
        ]
    )
