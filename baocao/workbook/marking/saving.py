"""Saving a workbook with openpyxl in memory: reader processes may not write files; formulas keep their last values."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from baocao.domain.characters import cell_text
from baocao.workbook.formats.grid import Book
from baocao.workbook.formats.guard import Examined
from baocao.workbook.formats.marks import marks_of

Cached = Mapping[str, Mapping[str, tuple[str, str]]]
"""By sheet and address: the type and the text of a formula's last value, as they stand in the file."""

_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b.*?(?:</f>|/>))<v\s*(?:/>|></v>)</c>', re.DOTALL)


def saved(book: Workbook, values: Cached) -> bytes:
    """The workbook as .xlsx; formulas with the values that they last had, where these are known."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        writer = _InMemoryWriter(book, archive)
        writer.values = values
        writer.save()
    return buffer.getvalue()


def cached_values(book: Workbook, examined: Examined) -> Cached:
    """The last value of every formula of an .xlsx that openpyxl has opened; those that were never calculated lack."""
    original, marks = Book(examined.data), marks_of(examined)
    values: dict[str, dict[str, tuple[str, str]]] = {}
    for sheet in book.worksheets:
        formulas = [cell.coordinate for cell in sheet._cells.values() if cell.data_type == "f"]
        if formulas:
            grid = original.grid(sheet.title, marks(sheet.title))
            shown = ((place, _address(place)) for place in formulas)
            found = {place: _stored(grid.marks.errors.get(at), grid.raw(*at), book.epoch) for place, at in shown}
            values[sheet.title] = {place: value for place, value in found.items() if value is not None}
    return values


def _address(place: str) -> tuple[int, int]:
    row, column = coordinate_to_tuple(place)
    return row - 1, column - 1


def _stored(error: str | None, raw: Any, epoch: datetime) -> tuple[str, str] | None:
    """The type and text of a value; None for none."""
    if error is not None:
        return "e", error
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return "b", str(int(raw))
    if isinstance(raw, date | datetime | time | timedelta):
        return "n", repr(to_excel(raw, epoch))  # type: ignore[no-untyped-call]
    if isinstance(raw, int | float):
        return "n", repr(raw)
    return "str", cell_text(str(raw))


class _InMemoryWriter(ExcelWriter):
    """openpyxl's writer without its temporary files."""

    values: Cached
    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = BytesIO()
        writer: Any = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], _with_values(out.getvalue(), self.values.get(ws.title, {})))
        self.manifest.append(ws)


def _with_values(part: bytes, values: Mapping[str, tuple[str, str]]) -> bytes:
    def with_value(found: re.Match[bytes]) -> bytes:
        place = found[1].decode()
        if place not in values:
            return found[0]
        kind, text = values[place]
        attributes = found[2].decode() + ("" if kind == "n" else f' t="{kind}"')
        return f'<c r="{place}"{attributes}>{found[3].decode()}<v>{escape(text)}</v></c>'.encode()

    return _FORMULA_CELL.sub(with_value, part) if values else part
