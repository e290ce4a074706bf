"""One pass over the XML of a worksheet (.xlsx, .xlsm) or of an .ods workbook, for what calamine does not tell."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from baocao.workbook.cells import ERRORS
from baocao.workbook.formats.scan import CellStyles, Scan, is_legacy

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
_NO_STYLES = CellStyles()
_STRINGS = frozenset({"s", "str", "inlineStr"})


class UnsafeXmlError(Exception):
    """The part declares a document type or entities."""


def _refuse(*_declaration: object) -> None:
    raise UnsafeXmlError


def make_parser() -> expat.XMLParserType:
    """An expat parser that refuses document types and entities.

    Raises (while parsing):
        UnsafeXmlError: there is one. ``expat.ExpatError``: the XML is broken.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    return parser


def _pass_over(data: bytes, scanner: "_Worksheet | _Spreadsheet") -> None:
    parser = make_parser()
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    parser.Parse(data, True)


def local(tag: str) -> str:
    """A name without its prefix."""
    return tag.rpartition(":")[2]


def scan_worksheet(data: bytes, styles: CellStyles = _NO_STYLES) -> Scan:
    """Scan the XML of one worksheet.

    Raises:
        UnsafeXmlError: it declares a document type. ``expat.ExpatError``: it is broken.
    """
    scanner = _Worksheet(styles)
    _pass_over(data, scanner)
    return scanner.scan


class _Worksheet:
    def __init__(self, styles: CellStyles) -> None:
        self.scan = Scan()
        self._styles = styles
        self._row = self._column = -1
        self._type = ""
        self._style = 0
        self._value: str | None = None
        self._is_value = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._is_value = True
            self._value = self._value or ""
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number[:9]) - 1 if number.isdecimal() else self._row + 1
            self._column = -1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        if found:
            self._column = column_number(found[1])
            self._row = int(found[2]) - 1
        else:
            self._column += 1
        style = attributes.get("s", "")
        self._type, self._style = attributes.get("t", "n"), int(style[:9]) if style.isdecimal() else 0
        self._value = None

    def text(self, text: str) -> None:
        if self._is_value and self._value is not None:
            self._value += text

    def end(self, tag: str) -> None:
        name = local(tag)
        if name in ("v", "t"):
            self._is_value = False
        elif name == "c" and self._value is not None:
            self._end_cell(self._value)
            self._value = None

    def _end_cell(self, value: str) -> None:
        place = (self._row, self._column)
        self.scan.extent.take(*place)
        if self._type == "e":
            self.scan.errors[place] = value.strip()
        elif self._type in _STRINGS:
            font = self._styles.legacy.get(self._style)
            if font is None and self._type == "s" and value.strip().isdecimal():
                font = self._styles.legacy_strings.get(int(value))
            self.scan.note_font(place, font)
        elif self._style in self._styles.percents:
            self.scan.percents.add(place)


def column_number(letters: str) -> int:
    """``A`` is 0, ``AA`` is 26."""
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number - 1


def scan_spreadsheet(data: bytes) -> dict[str, Scan]:
    """Scan the ``content.xml`` of an .ods workbook: each sheet by its name.

    Raises:
        UnsafeXmlError: it declares a document type. ``expat.ExpatError``: it is broken.
    """
    scanner = _Spreadsheet()
    _pass_over(data, scanner)
    return scanner.scans


class _Spreadsheet:
    def __init__(self) -> None:
        self.scans: dict[str, Scan] = {}
        self._scan = Scan()
        self._fonts: dict[str, str] = {}
        self._style = ""
        self._row, self._next_row = -1, 0
        self._column, self._next_column = -1, 0
        self._cell: Mapping[str, str] | None = None
        self._text: str | None = None
        self._font: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if name in ("table-cell", "covered-table-cell"):
            self._start_cell(attributes)
        elif name == "table-row":
            self._row, self._next_row = self._next_row, self._next_row + _repeats(attributes, "rows")
            self._next_column = 0
        elif self._cell is not None:
            self._start_text(name, attributes)
        elif name == "table":
            self._scan = self.scans.setdefault(attributes.get("table:name", ""), Scan())
            self._next_row = 0
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "text-properties":
            self._note_style(attributes)

    def _note_style(self, attributes: Mapping[str, str]) -> None:
        for key in ("style:font-name", "fo:font-family"):
            font = attributes.get(key, "").strip("'\" ")
            if is_legacy(font):
                self._fonts[self._style] = font

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._column, self._next_column = self._next_column, self._next_column + _repeats(attributes, "columns")
        self._cell, self._text = attributes, None
        self._font = self._fonts.get(attributes.get("table:style-name", ""))
        rows, columns = _repeats(attributes, "rows", "spanned"), _repeats(attributes, "columns", "spanned")
        if rows > 1 or columns > 1:
            first = (self._row, self._column)
            self._scan.merges.append((first, (self._row + rows - 1, self._column + columns - 1)))

    def _start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self._text = self._text or ""
        style = attributes.get("text:style-name", "")
        self._font = self._font or self._fonts.get(style)

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text += text

    def end(self, tag: str) -> None:
        if self._cell is not None and local(tag) in ("table-cell", "covered-table-cell"):
            kind = self._cell.get("office:value-type")
            if kind is not None or self._text:
                self._end_cell(self._cell, kind)
            self._cell = None

    def _end_cell(self, attributes: Mapping[str, str], kind: str | None) -> None:
        place, text = (self._row, self._column), (self._text or "").strip()
        self._scan.extent.take(self._next_row - 1, self._next_column - 1)
        if attributes.get("calcext:value-type") == "error" or text in ERRORS:
            self._scan.errors[place] = text
        elif kind == "percentage":
            self._scan.percents.add(place)
        elif kind == "string":
            self._scan.note_font(place, self._font)


def _repeats(attributes: Mapping[str, str], what: str, how: str = "repeated") -> int:
    number = attributes.get(f"table:number-{what}-{how}", "1")
    return max(1, int(number[:9])) if number.isdecimal() else 1
