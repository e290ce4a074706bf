"""An official Word form seen as a sheet: its paragraphs and tables from the top down, each cell with its place."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from baocao.workbook.formats.grid import Address
from baocao.workbook.formats.page import Page

_CHARACTER_EMU = 68_000
"""About the width of one of Excel's width units."""


def page_of(data: bytes) -> Page:
    """Read a Word document that the guard has let pass.

    Raises:
        ValueError, KeyError: python-docx finds no document in it.
    """
    page = Page()
    for block in Document(BytesIO(data)).iter_inner_content():
        if isinstance(block, Paragraph):
            _add_paragraph(page, block)
        else:
            _add_table(page, block)
    return page


def _add_paragraph(page: Page, paragraph: Paragraph) -> None:
    page.rows.append([paragraph.text])
    if any(run.bold for run in paragraph.runs):
        page.bold.add((len(page.rows) - 1, 0))


def _add_table(page: Page, table: Table) -> None:
    top = len(page.rows)
    spans: dict[Any, list[Address]] = {}
    for number, row in enumerate(table.rows, start=top):
        cells = list(row.cells)
        page.rows.append([""] * len(cells))
        for at, cell in enumerate(cells):
            spans.setdefault(cell._tc, []).append((number, at))
    for places, cell in _cells(table, spans):
        (first, *_), last = places, places[-1]
        page.rows[first[0]][first[1]] = cell.text.strip()
        if any(run.bold for paragraph in cell.paragraphs for run in paragraph.runs):
            page.bold.add(first)
        if last != first:
            page.merges.append((first, last))
    width = max(map(len, page.rows[top:]), default=1)
    page.areas.append(((top, 0), (len(page.rows) - 1, width - 1)))
    widths = [(column.width or 0) / _CHARACTER_EMU for column in table.columns]
    page.widths += [max(6.0, round(one, 1)) for one in widths[len(page.widths) :]]


def _cells(table: Table, spans: dict[Any, list[Address]]) -> Iterator[tuple[list[Address], Any]]:
    seen: set[Any] = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                yield spans[cell._tc], cell
