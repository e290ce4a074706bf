"""The workbook under construction: openpyxl makes all but the data rows, which are streamed into the package.

openpyxl writes some 30,000 cells a second, and through temporary files; a month of 12,000 units has millions of
cells. So each sheet is laid out by openpyxl with its title and header only, and its rows are written as XML while
the package is put together: quick, and with no more memory than one row.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from itertools import chain
from math import ceil
from typing import Any, Generic, TypeVar
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from baocao.domain.reported.document import Document
from baocao.render.xlsx.style import (
    BLUE,
    GOAL_FORMATS,
    Column,
    Formula,
    Kind,
    Percent,
    Thing,
    Told,
    Value,
    add_bars,
    clean,
    colour_outcomes,
    font,
    put_text,
    set_page,
    style_data,
    style_header,
    subtitle,
)

HEADER_ROW = 4
_BARRED = ("Tỷ lệ", "Tiến độ")
_LETTERS_PER_WIDTH = 1.2
_LINE_POINTS = 15
_HIGHEST_POINTS = 409
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's day 0 has no zone
_ROWS_AT_ONCE = 500
_NUMBER = (float, int)
Row = tuple[Sequence[Value], bool]
Reported = TypeVar("Reported", bound=Document, covariant=True)


@dataclass(frozen=True)
class _Streamed:
    """Rows that wait for their sheet's place in the package."""

    sheet: Any
    columns: Sequence[Column]
    rows: Iterable[Row]
    last_row: int


class Book(Generic[Reported]):
    """Collects the sheets of one report's workbook; :meth:`save` gives its bytes."""

    def __init__(self, report: Reported, title: str) -> None:
        """An empty workbook for this report; the title is the file's property."""
        self.report = report
        self.workbook = Workbook()
        properties = self.workbook.properties
        properties.title = title
        properties.creator = report.issuer.name
        properties.created = properties.modified = report.made_at.replace(tzinfo=None)
        properties.language = "vi-VN"
        self.workbook.remove(self.workbook.worksheets[0])
        self._streamed: list[_Streamed] = []

    def sheet(self, name: str) -> Any:
        """A new sheet to be laid out by hand."""
        return self.workbook.create_sheet(name)

    def table(
        self, name: str, columns: Sequence[Column], title: str, rows: Iterable[Row], count: int, nothing: str
    ) -> None:
        """A sheet with a title, a header that stays in sight and filters, and ``count`` rows, taken one by one.

        A row is its values in the order of the columns and whether it is bold. ``nothing`` stands there instead where
        the count is 0.
        """
        sheet = self.sheet(name)
        put_text(sheet["A1"], title).font = font(14, bold=True, color=BLUE)
        put_text(sheet["A2"], subtitle(self.report)).font = font(italic=True, color="5C5C5C")
        sheet.row_dimensions[HEADER_ROW].height = 48
        for position, column in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(position)].width = column.width
            style_header(put_text(sheet.cell(HEADER_ROW, position), column.header))
        if not count:
            rows, count = [([nothing, *[None] * (len(columns) - 1)], False)], 1
        last_row = HEADER_ROW + count
        last = get_column_letter(len(columns))
        sheet.freeze_panes = f"A{HEADER_ROW + 1}"
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{last_row}"
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.print_area = f"A1:{last}{last_row}"
        set_page(sheet, is_landscape=sum(column.width for column in columns) > 90)
        self._help_reading(sheet, columns, last_row)
        self._streamed.append(_Streamed(sheet, columns, rows, last_row))

    def listing(
        self, name: str, title: str, things: Collection[Thing], columns: Sequence[Told[Thing]], nothing: str
    ) -> None:
        """A :meth:`table` of plain rows, one a thing, of which each column says what stands in it."""
        rows: Iterator[Row] = (([column.value(one) for column in columns], False) for one in things)
        self.table(name, [one.column for one in columns], title, rows, len(things), nothing)

    def _help_reading(self, sheet: Any, columns: Sequence[Column], last_row: int) -> None:
        for position, column in enumerate(columns, start=1):
            letter = get_column_letter(position)
            cells = f"{letter}{HEADER_ROW + 1}:{letter}{last_row}"
            if column.header == "Kết quả" or column.kind is Kind.OUTCOME:
                colour_outcomes(sheet, cells)
            elif column.header in _BARRED:
                add_bars(sheet, cells)

    def save(self) -> bytes:
        """The package with all rows in their places."""
        scribes = [_Scribe(streamed) for streamed in self._streamed]
        frame, whole = BytesIO(), BytesIO()
        self.workbook.save(frame)
        pending = {_part(self.workbook, scribe.streamed.sheet): scribe for scribe in scribes}
        with ZipFile(frame) as source, ZipFile(whole, "w", ZIP_DEFLATED, compresslevel=1) as target:
            for item in source.infolist():
                content = source.read(item)
                if item.filename in pending:
                    with target.open(item.filename, "w", force_zip64=True) as part:
                        part.writelines(pending[item.filename].fill(content))
                else:
                    target.writestr(item.filename, content)
        return whole.getvalue()


def _part(workbook: Any, sheet: Any) -> str:
    return f"xl/worksheets/sheet{workbook.worksheets.index(sheet) + 1}.xml"


class _Scribe:
    """Writes one sheet's rows as XML. Made before the workbook is saved, because it enters its styles there."""

    def __init__(self, streamed: _Streamed) -> None:
        self.streamed = streamed
        self._last_letter = get_column_letter(len(streamed.columns))
        styles = {kind: _styles(streamed.sheet, kind) for kind in dict.fromkeys(one.kind for one in streamed.columns)}
        self._columns = [
            (f'<c r="{get_column_letter(position)}', column.width, styles[column.kind])
            for position, column in enumerate(streamed.columns, start=1)
        ]

    def fill(self, frame: bytes) -> Iterator[bytes]:
        """The sheet's part with its rows, in pieces."""
        head, end, tail = frame.partition(b"</sheetData>")
        before, mark, rest = head.partition(b'<dimension ref="')
        yield before + mark + f"A1:{self._last_letter}{self.streamed.last_row}".encode() + rest[rest.index(b'"') :]
        pieces: list[str] = []
        for number, (values, is_bold) in enumerate(self.streamed.rows, start=HEADER_ROW + 1):
            pieces.append(self._row(number, values, is_bold=is_bold))
            if len(pieces) == _ROWS_AT_ONCE:
                yield "".join(pieces).encode("utf-8")
                pieces.clear()
        yield "".join(pieces).encode("utf-8") + end + tail

    def _row(self, number: int, values: Sequence[Value], *, is_bold: bool) -> str:
        cells, lines = [], 1
        for (start, width, styles), value in zip(self._columns, values, strict=True):
            style = styles[is_bold]
            if isinstance(value, _NUMBER):
                content = f"><v>{value!r}</v></c>"
            elif value is None or value == "":
                content = "/>"
            elif isinstance(value, Percent):
                style = styles[is_bold, value.number_format]
                content = f"><v>{value.ratio_pct / 100!r}</v></c>"
            elif isinstance(value, Formula):
                style = styles[is_bold, value.number_format] if value.number_format else style
                content = _formula(value)
            elif isinstance(value, str):
                content = _text(value)
                if len(value) > width * 1.1 or "\n" in value:
                    lines = max(lines, _lines(value, width))
            else:
                content = f"><v>{_days(value)!r}</v></c>"
            cells.append(f'{start}{number}" s="{style}"{content}')
        height = f' ht="{min(_HIGHEST_POINTS, _LINE_POINTS * lines)}" customHeight="1"' if lines > 1 else ""
        return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def _lines(value: str, width: float) -> int:
    letters = width * _LETTERS_PER_WIDTH
    if "\n" not in value:
        return ceil(len(value) / letters)
    return sum(max(1, ceil(len(line) / letters)) for line in value.split("\n"))


def _styles(sheet: Any, kind: Kind) -> dict[bool | tuple[bool, str], int]:
    """The numbers of a column's styles: plain and bold, and for ratios and targets those with other decimals too."""
    formats = [f"0.{'0' * digits}%" for digits in range(1, 7)] if kind is Kind.PERCENT else []
    formats += chain.from_iterable(GOAL_FORMATS) if kind is Kind.PROGRESS else []
    styles: dict[bool | tuple[bool, str], int] = {}
    for is_bold in (False, True):
        styles[is_bold] = _style_id(sheet, kind, is_bold=is_bold)
        styles.update(
            {(is_bold, text): _style_id(sheet, kind, is_bold=is_bold, number_format=text) for text in formats}
        )
    return styles


def _style_id(sheet: Any, kind: Kind, *, is_bold: bool, number_format: str = "") -> int:
    cell = Cell(sheet, row=1, column=1)
    style_data(cell, kind, is_bold=is_bold, number_format=number_format)
    style: int = cell.style_id
    return style


@lru_cache(maxsize=1024)
def _text(value: str) -> str:
    """A text as a cell holds it. Names, codes and results come again and again."""
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(clean(value))}</t></is></c>'


def _formula(value: Formula) -> str:
    """A formula with what it gives now; a text is marked as such."""
    kind, shown = (' t="str"', escape(value.value)) if isinstance(value.value, str) else ("", repr(value.value))
    return f"{kind}><f>{escape(value.text)}</f><v>{shown}</v></c>"


def _days(value: date) -> float:
    """A moment as Excel keeps it: the days since 30/12/1899 by the clock of its own zone."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return (moment.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
