"""Walking the binary records of .xls (BIFF8) and .xlsb (BIFF12) sheets, for what calamine does not tell."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from baocao.workbook.formats.scan import CellStyles, Extent, Scan, is_legacy, shows_percent

Record = tuple[int, bytes]

ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_PERCENT_FORMATS = frozenset({9, 10})


class BrokenRecordsError(Exception):
    """The records do not hold together."""


# --- BIFF8 (.xls) ---

_BOF, _DIMENSIONS, _FILEPASS, _FONT, _FORMAT, _XF = 0x0809, 0x0200, 0x002F, 0x0031, 0x041E, 0x00E0
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_VALUES8 = frozenset({_FORMULA, _BOOLERR, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6, _MULRK})


@dataclass(slots=True)
class Biff8:
    """What a walk over the workbook stream of an .xls file found."""

    is_encrypted: bool = False
    extents: list[Extent] = field(default_factory=list)
    has_errors: bool = False
    has_percents: bool = False
    has_legacy_fonts: bool = False

    @property
    def is_sane(self) -> bool:
        """Whether every sheet's cells, and the size that it declares, keep within bounds."""
        return all(extent.is_sane for extent in self.extents)

    @property
    def needs_styles(self) -> bool:
        """Whether cells must be looked at more closely."""
        return self.has_errors or self.has_percents or self.has_legacy_fonts


def walk_biff8(stream: bytes) -> Biff8:
    """Walk the records of an .xls workbook stream.

    Raises:
        BrokenRecordsError: the stream ends within a record.
    """
    found = Biff8()
    percents = set(_PERCENT_FORMATS)
    extent = Extent()
    for kind, body in _records8(stream):
        if kind == _FILEPASS:
            found.is_encrypted = True
            return found
        if kind == _BOF:
            extent = Extent()
            found.extents.append(extent)
        elif kind in _VALUES8 and len(body) >= 6:
            _take_cell8(found, extent, kind, body)
        elif kind == _DIMENSIONS and len(body) >= 12:
            _take_dimensions(extent, body)
        elif kind in (_FORMAT, _XF, _FONT):
            _take_style8(found, percents, kind, body)
    return found


def _records8(stream: bytes) -> Iterator[Record]:
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0 and size == 0:
            return
        at += 4
        if at + size > end:
            raise BrokenRecordsError
        yield kind, stream[at : at + size]
        at += size


def _take_cell8(found: Biff8, extent: Extent, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    if kind == _MULRK:
        column = struct.unpack_from("<H", body, len(body) - 2)[0]
    extent.take(row, column)
    if kind == _BOOLERR:
        found.has_errors |= body[-1] == 1
    elif kind == _FORMULA and len(body) >= 14:
        found.has_errors |= body[12:14] == b"\xff\xff" and body[6] == 2


def _take_dimensions(extent: Extent, body: bytes) -> None:
    """A declared size beyond what the format can hold: parsers reserve memory for it."""
    last_row, last_column = struct.unpack_from("<I", body, 4)[0], struct.unpack_from("<H", body, 10)[0]
    if last_row > 65_536 or last_column > 256:
        extent.take(last_row, last_column)


def _take_style8(found: Biff8, percents: set[int], kind: int, body: bytes) -> None:
    if kind == _FORMAT and b"%" in body:
        percents.add(struct.unpack_from("<H", body)[0])
    elif kind == _XF and len(body) >= 6:
        number_format, flags = struct.unpack_from("<HH", body, 2)
        found.has_percents |= not flags & 0x4 and number_format in percents
    elif kind == _FONT and len(body) > 16:
        name = body[16:].decode("utf-16-le" if body[15] & 1 else "latin-1", "replace")
        found.has_legacy_fonts |= is_legacy(name)


# --- BIFF12 (.xlsb) ---

_ROW, _CELL_ERROR, _FORMULA_ERROR, _MERGE = 0, 3, 11, 176
_VALUES12 = range(2, 12)
_TEXTS12 = frozenset({6, 7, 8})
_BRT_FONT, _BRT_FORMAT, _BRT_XF, _BEGIN_CELL_XFS, _END_CELL_XFS, _SHEET = 43, 44, 47, 617, 618, 156
_FONT_NAME_AT = 21


def records12(data: bytes) -> Iterator[Record]:
    """The records of a part of an .xlsb workbook.

    Raises:
        BrokenRecordsError: the part ends within a record.
    """
    at, end = 0, len(data)
    while at < end:
        try:
            kind, at = _variable(data, at, 2)
            size, at = _variable(data, at, 4)
        except IndexError:
            raise BrokenRecordsError from None
        if at + size > end:
            raise BrokenRecordsError
        yield kind, data[at : at + size]
        at += size


def _variable(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to so many bytes of 7 bits each, and where it ends."""
    value = 0
    for count in range(most):
        byte = data[at + count]
        value |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            return value, at + count + 1
    return value, at + most


def scan_binary_sheet(data: bytes, styles: CellStyles) -> Scan:
    """Scan one sheet part of an .xlsb workbook.

    Raises:
        BrokenRecordsError: the part does not hold together.
    """
    scan = Scan()
    row = 0
    for kind, body in records12(data):
        if kind == _ROW and len(body) >= 4:
            row = struct.unpack_from("<I", body)[0]
        elif kind in _VALUES12 and len(body) >= 8:
            _take_cell12(scan, styles, row, kind, body)
        elif kind == _MERGE and len(body) >= 16:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            scan.merges.append(((top, left), (bottom, right)))
    return scan


def _take_cell12(scan: Scan, styles: CellStyles, row: int, kind: int, body: bytes) -> None:
    column, style = struct.unpack_from("<II", body)
    style &= 0xFFFFFF
    place = (row, column)
    scan.extent.take(*place)
    if kind in (_CELL_ERROR, _FORMULA_ERROR):
        scan.errors[place] = ERROR_CODES.get(body[8] if len(body) > 8 else -1, "#N/A")
    elif kind in _TEXTS12:
        scan.note_font(place, styles.legacy.get(style))
    elif style in styles.percents:
        scan.percents.add(place)


def binary_styles(data: bytes) -> CellStyles:
    """The cell formats that matter, from ``xl/styles.bin``."""
    formats, fonts = set(_PERCENT_FORMATS), []
    percents, legacy = set(), {}
    index, is_cell_format = 0, False
    for kind, body in records12(data):
        if kind == _BRT_FORMAT and shows_percent(_wide(body, 2)[0]):
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == _BRT_FONT:
            fonts.append(_wide(body, _FONT_NAME_AT)[0])
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            is_cell_format = kind == _BEGIN_CELL_XFS
        elif kind == _BRT_XF and is_cell_format:
            number_format, font = struct.unpack_from("<HH", body, 2)
            if number_format in formats:
                percents.add(index)
            if font < len(fonts) and is_legacy(fonts[font]):
                legacy[index] = fonts[font]
            index += 1
    return CellStyles(frozenset(percents), legacy)


def binary_sheets(data: bytes) -> dict[str, str]:
    """The relation id of each sheet by its name, from ``xl/workbook.bin``."""
    sheets = {}
    for kind, body in records12(data):
        if kind == _SHEET:
            relation, at = _wide(body, 8)
            sheets[_wide(body, at)[0]] = relation
    return sheets


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 string, and where it ends."""
    if at + 4 > len(body):
        raise BrokenRecordsError
    end = at + 4 + 2 * int(struct.unpack_from("<I", body, at)[0])
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
