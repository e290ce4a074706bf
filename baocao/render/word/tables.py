"""Bảng và phụ lục trong tệp Word: tables written as XML, which is quick for very many rows."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Pt

from baocao.narrative.story import Column, Table, TableRow
from baocao.render.context import clean
from baocao.render.papers.paper import Annex

UPRIGHT_MM = 165
_LANDSCAPE_MM = 252
_TWIPS_PER_MM = 1440 / 25.4
_KEPT_FIRST, _KEPT_LAST = 2, 3
"""So many rows at a table's head and foot stay on one page."""
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
_HEAD_FILL, _GROUP_FILL = "E7EEF3", "F5F5F5"


def roman(number: int) -> str:
    """``IV``: an annex's number."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def annex_elements(document: Any, annex: Annex, number: int, belongs: str) -> Iterator[Any]:
    """Title, what it belongs to, tables (or what stands for one), what is left out: the elements in their order."""
    title = document.add_paragraph(style="BC Phụ lục")
    title.add_run(f"Phụ lục {roman(number)}").add_break()
    title.add_run(annex.title)
    title.paragraph_format.page_break_before = number > 1 and not annex.is_short
    title.paragraph_format.space_before = Pt(12 if annex.is_short else 0)
    yield title._p
    yield paragraph_element(document, "BC Chú thích", belongs, is_centred=True)
    for table in annex.tables:
        yield from table_elements(document, table, _LANDSCAPE_MM)


def table_elements(document: Any, table: Table, width_mm: float) -> Iterator[Any]:
    """A table with its caption, or the sentence that stands for it; what is said below it."""
    if table.caption and (table.rows or table.nothing):
        yield paragraph_element(document, "BC Bảng nhóm", table.caption, keeps_next=True)
    if table.rows:
        yield _table(document, table, width_mm)
    elif table.nothing:
        yield paragraph_element(document, "BC Bảng", table.nothing)
    for text in filter(None, (table.note, table.more)):
        yield paragraph_element(document, "BC Chú thích", text)


def paragraph_element(
    document: Any, style: str, text: str, *, is_centred: bool = False, keeps_next: bool = False
) -> Any:
    """A paragraph's element, to be put where it belongs."""
    paragraph = document.add_paragraph(clean(text), style=style)
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if is_centred or keeps_next:
        paragraph.paragraph_format.keep_with_next = True
    return paragraph._p


def _table(document: Any, table: Table, width_mm: float) -> Any:
    widths = _widths(table.columns, width_mm)
    styles = {name: document.styles[f"BC {name}"].style_id for name in ("Bảng", "Bảng đầu", "Bảng nhóm")}
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(
        _cell(column.header, width, styles["Bảng đầu"], fill=_HEAD_FILL, is_middle=True, keeps_next=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    last = len(table.rows) - 1
    rows = "".join(
        _row(table, row, widths, styles, keeps_next=number < _KEPT_FIRST - 1 or last - _KEPT_LAST < number < last)
        for number, row in enumerate(table.rows)
    )
    return parse_xml(
        f'<w:tbl {_NAMESPACE}><w:tblPr><w:tblW w:type="dxa" w:w="{sum(widths)}"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _widths(columns: tuple[Column, ...], width_mm: float) -> list[int]:
    given = sum(column.width_mm or 0 for column in columns)
    rest = (width_mm - given) / max(1, sum(column.width_mm is None for column in columns))
    return [round((column.width_mm or rest) * _TWIPS_PER_MM) for column in columns]


def _row(table: Table, row: TableRow, widths: list[int], styles: dict[str, str], *, keeps_next: bool) -> str:
    if row.get("la_nhom"):
        span = len(widths)
        cell = _cell(row["ten"], sum(widths), styles["Bảng nhóm"], span=span, fill=_GROUP_FILL, keeps_next=True)
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"
    cells = "".join(
        _cell(
            row.get(column.key, ""),
            width,
            styles["Bảng"],
            align=column.align,
            is_bold=bool(row.get("la_dam")),
            keeps_next=keeps_next,
        )
        for column, width in zip(table.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(
    text: str,
    width: int,
    style: str,
    *,
    align: str = "",
    span: int = 1,
    fill: str = "",
    is_bold: bool = False,
    is_middle: bool = False,
    keeps_next: bool = False,
) -> str:
    properties = f'<w:tcW w:type="dxa" w:w="{width}"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    properties += '<w:vAlign w:val="center"/>' if is_middle else ""
    look = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keeps_next else "")
    look += f'<w:jc w:val="{align}"/>' if align else ""
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    run = f'<w:r>{bold}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>' if text else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{look}</w:pPr>{run}</w:p></w:tc>"
