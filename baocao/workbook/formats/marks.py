"""Percent formats, error cells and old fonts: what calamine does not tell, looked up only where a file has any."""

import posixpath
import re
from collections.abc import Callable
from functools import cached_property
from io import StringIO
from typing import Any, Protocol
from xml.parsers import expat

import xlrd
from xlrd import XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT

from baocao.workbook.formats.biff import (
    ERROR_CODES,
    BrokenRecordsError,
    binary_sheets,
    binary_styles,
    scan_binary_sheet,
)
from baocao.workbook.formats.grid import Address, Marks
from baocao.workbook.formats.guard import SPOILT, Examined, Kind
from baocao.workbook.formats.scan import CellStyles, Scan, is_legacy, shows_percent
from baocao.workbook.formats.sheetxml import UnsafeXmlError, local, make_parser, scan_worksheet

MarksOf = Callable[[str], Marks]
"""The marks of a sheet by its name in the file."""

UNKNOWN = Marks(percents=None)
_PERCENT_FORMATS = frozenset({9, 10})
_ERROR_CELL = re.compile(rb"t=[\"']e[\"']")
_LEGACY_NAME = tuple(quote + name for quote in (b'"', b"'") for name in (b".vn", b"vni-", b"vni "))
_MAYBE_PERCENT = (b"%", b'numFmtId="9"', b'numFmtId="10"', b"numFmtId='9'", b"numFmtId='10'")
_BROKEN = (UnsafeXmlError, expat.ExpatError, BrokenRecordsError, *SPOILT)


def marks_of(examined: Examined) -> MarksOf:
    """A function that gives each sheet's marks; where the file's styles do not hold together, percents are unknown."""
    source = _SOURCES[examined.kind](examined)

    def of(sheet: str) -> Marks:
        try:
            return source.marks(sheet)
        except _BROKEN:
            return UNKNOWN

    return of


class _Source(Protocol):
    def marks(self, sheet: str) -> Marks: ...


def _has_any(part: bytes, signs: tuple[bytes, ...]) -> bool:
    return any(sign in part for sign in signs)


def _marks(scan: Scan) -> Marks:
    return Marks(scan.errors, frozenset(scan.percents), scan.legacy_font, tuple(scan.merges))


class _Xlsx:
    def __init__(self, examined: Examined) -> None:
        self._parts = examined.parts

    def marks(self, sheet: str) -> Marks:
        is_plain = self._styles.is_plain
        if is_plain and not self._has_errors:
            return Marks()
        part = self._parts[self._sheets[sheet]]
        if is_plain and not _ERROR_CELL.search(part):
            return Marks()
        return _marks(scan_worksheet(part, self._styles))

    @cached_property
    def _has_errors(self) -> bool:
        return any("worksheets/" in name and _ERROR_CELL.search(part) for name, part in self._parts.items())

    @cached_property
    def _styles(self) -> CellStyles:
        styles = self._parts.get("xl/styles.xml", b"")
        strings = self._parts.get("xl/sharedStrings.xml", b"")
        has_legacy = _has_any(styles.lower(), _LEGACY_NAME) or _has_any(strings.lower(), _LEGACY_NAME)
        return _cell_styles(styles, strings) if has_legacy or _has_any(styles, _MAYBE_PERCENT) else CellStyles()

    @cached_property
    def _sheets(self) -> dict[str, str]:
        """The part of each sheet by its name."""
        sheets = _Collector({"sheet"}, self._parts["xl/workbook.xml"]).found
        targets = relations(self._parts["xl/_rels/workbook.xml.rels"])
        return {sheet["name"]: targets[_relation_id(sheet)] for _, sheet in sheets if _relation_id(sheet) in targets}


def _relation_id(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")


def relations(part: bytes) -> dict[str, str]:
    """Part names by relation id; targets are relative to the workbook's folder or absolute."""
    found = _Collector({"Relationship"}, part).found
    return {item["Id"]: posixpath.normpath(posixpath.join("xl", item["Target"])).lstrip("/") for _, item in found}


class _Collector:
    """The elements of certain names, with the group (of certain names) in which they stand, in order."""

    def __init__(self, wanted: set[str], part: bytes, groups: frozenset[str] = frozenset()) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []
        self._wanted, self._groups, self._group = wanted, groups, ""
        parser = make_parser()
        parser.StartElementHandler = self._start
        parser.Parse(part, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in self._groups:
            self._group = name
        if name in self._wanted:
            self.found.append((f"{self._group}/{name}", attributes))


def _cell_styles(styles: bytes, strings: bytes) -> CellStyles:
    groups = frozenset({"fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs", "numFmts"})
    found = _Collector({"xf", "font", "name", "numFmt"}, styles, groups).found
    formats = _PERCENT_FORMATS | {
        int(item["numFmtId"])
        for place, item in found
        if place == "numFmts/numFmt" and shows_percent(item["formatCode"])
    }
    fonts: list[str] = []
    for place, item in found:
        if place == "fonts/font":
            fonts.append("")
        elif place == "fonts/name" and fonts:
            fonts[-1] = item.get("val", "")
    cells = [item for place, item in found if place == "cellXfs/xf"]
    percents = frozenset(index for index, xf in enumerate(cells) if int(xf.get("numFmtId", 0)) in formats)
    used = [(index, int(xf.get("fontId", 0))) for index, xf in enumerate(cells)]
    legacy = {index: fonts[font] for index, font in used if font < len(fonts) and is_legacy(fonts[font])}
    return CellStyles(percents, legacy, _legacy_strings(strings))


def _legacy_strings(strings: bytes) -> dict[int, str]:
    """Shared strings with a piece in an old font, by their index."""
    legacy: dict[int, str] = {}
    if not _has_any(strings.lower(), _LEGACY_NAME):
        return legacy
    index = -1
    for place, item in _Collector({"si", "rFont"}, strings).found:
        if place == "/si":
            index += 1
        elif is_legacy(item.get("val", "")):
            legacy.setdefault(index, item["val"])
    return legacy


class _Xlsb:
    def __init__(self, examined: Examined) -> None:
        self._parts = examined.parts

    def marks(self, sheet: str) -> Marks:
        return _marks(scan_binary_sheet(self._parts[self._sheets[sheet]], self._styles))

    @cached_property
    def _styles(self) -> CellStyles:
        return binary_styles(self._parts.get("xl/styles.bin", b""))

    @cached_property
    def _sheets(self) -> dict[str, str]:
        targets = relations(self._parts["xl/_rels/workbook.bin.rels"])
        sheets = binary_sheets(self._parts["xl/workbook.bin"])
        return {name: targets[relation] for name, relation in sheets.items() if relation in targets}


class _Ods:
    def __init__(self, examined: Examined) -> None:
        self._scans = examined.scans

    def marks(self, sheet: str) -> Marks:
        return _marks(self._scans[sheet])


class _Xls:
    def __init__(self, examined: Examined) -> None:
        self._data, self._is_plain = examined.data, not examined.biff.needs_styles

    def marks(self, sheet: str) -> Marks:
        if self._is_plain:
            return Marks()
        return _marks(_scan_xls(self._book, sheet)) if self._book else UNKNOWN

    @cached_property
    def _book(self) -> Any:
        """The workbook by xlrd; None where it cannot read what calamine can."""
        try:
            return xlrd.open_workbook(file_contents=self._data, formatting_info=True, logfile=StringIO())
        except (xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, *SPOILT):
            return None


def _scan_xls(book: Any, name: str) -> Scan:
    sheet, scan = book.sheet_by_name(name), Scan()
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            place: Address = (row, column)
            if kind == XL_CELL_ERROR:
                scan.errors[place] = ERROR_CODES.get(sheet.cell_value(row, column), "#N/A")
            elif kind == XL_CELL_NUMBER and shows_percent(_number_format(book, sheet, place)):
                scan.percents.add(place)
            elif kind == XL_CELL_TEXT and is_legacy(font := _font(book, sheet, place)):
                scan.note_font(place, font)
    return scan


def _number_format(book: Any, sheet: Any, place: Address) -> str:
    xf = book.xf_list[sheet.cell_xf_index(*place)]
    return str(book.format_map[xf.format_key].format_str)


def _font(book: Any, sheet: Any, place: Address) -> str:
    return str(book.font_list[book.xf_list[sheet.cell_xf_index(*place)].font_index].name)


_SOURCES: dict[Kind, Callable[[Examined], _Source]] = {
    Kind.XLSX: _Xlsx,
    Kind.XLSB: _Xlsb,
    Kind.ODS: _Ods,
    Kind.XLS: _Xls,
}
