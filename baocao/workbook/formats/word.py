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
_NUMBER, _NARROWEST, _WIDEST = 6.0, 9.0, 45.0
_SHORT = 4


def page_of(data: bytes) -> Page:
    """Read a Word document that the guard has let pass.

    Raises:
        ValueError, KeyError: python-docx finds no document in it.
    """
    page = Page()
    chosen: list[float] = []
    for block in Document(BytesIO(data)).iter_inner_content():
        if isinstance(block, Paragraph):
            _add_paragraph(page, block)
        else:
            _add_table(page, block)
            chosen += _chosen_widths(block)[len(chosen) :]
    page.widths += [*chosen, *_asked_widths(page)[len(chosen) :]]
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


def _chosen_widths(table: Table) -> list[float]:
    """The columns as somebody drew them; none where they are all alike, as Word begins and then goes by the texts."""
    widths = [(column.width or 0) / _CHARACTER_EMU for column in table.columns]
    return [max(_NUMBER, round(one, 1)) for one in widths] if len(set(widths)) > 1 else []


def _asked_widths(page: Page) -> list[float]:
    """The columns as their texts ask; texts over several columns ask nothing."""
    across = {first for first, last in page.merges if first[1] != last[1]}
    texts: dict[int, list[str]] = {}
    for (top, left), (bottom, right) in page.areas:
        for row in range(top, bottom + 1):
            for at, text in enumerate(page.rows[row][left : right + 1], start=left):
                texts.setdefault(at, []).append("" if (row, at) in across else text)
    return [_asked(texts.get(at, [])) for at in range(max(texts, default=-1) + 1)]


def _asked(texts: list[str]) -> float:
    longest = max(map(len, texts), default=0)
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return _NUMBER if longest <= _SHORT else min(_WIDEST, max(_NARROWEST, longest / 2, word + 2.0))


def _cells(table: Table, spans: dict[Any, list[Address]]) -> Iterator[tuple[list[Address], Any]]:
    seen: set[Any] = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                yield spans[cell._tc], cell
