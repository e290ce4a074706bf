"""A table of an official form seen as one of ours: its header found by names, its rows given their codes.

Cells stay where they are, so that every finding speaks the cell that the person sees.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from baocao.domain.planned.form import OfficialRow, Rows, Sheet
from baocao.domain.received.finding import Finding, clip
from baocao.workbook import rules
from baocao.workbook.cells import fold, fold_name
from baocao.workbook.formats.grid import Grid, address
from baocao.workbook.official.headers import Texts, leaf
from baocao.workbook.reading.adopted.aligning import Seen, align
from baocao.workbook.reading.header import Header

_SEARCHED_ROWS = 3000


@dataclass(frozen=True, slots=True)
class View:
    """One table: its cells alone, its header, and what is said about rows whose text was changed."""

    grid: Grid
    header: Header
    findings: list[Finding] = field(default_factory=list)


def find_header(texts: Texts, sheet: Sheet) -> Header:
    """Where the header of a table of an adopted form stands, by the names of its columns; without columns for none."""
    top, bottom = sheet.header or (1, 1)
    names = {fold_name(column.header): column.key for column in sheet.present}
    leaves = [fold_name(leaf(column.header)) for column in sheet.present]
    short = {fold_name(leaf(column.header)): column.key for column in sheet.present}
    short = {name: key for name, key in short.items() if leaves.count(name) == 1}
    best = Header(bottom - 1, {})
    for last in range(bottom - top, min(texts.height, _SEARCHED_ROWS)):
        header = _header(texts, last - (bottom - top), last, names, short)
        if _rank(header) > _rank(best):
            best = header
    return best


def _rank(header: Header) -> int:
    return len(header.columns) + len(header.twice)


def _header(texts: Texts, top: int, bottom: int, names: dict[str, str], short: dict[str, str]) -> Header:
    found: dict[str, list[int]] = {}
    by_leaf: dict[str, int] = {}
    for at, name in enumerate(texts.header(top, bottom)):
        if key := names.get(fold_name(name)):
            found.setdefault(key, []).append(at)
        elif key := short.get(fold_name(leaf(name))):
            by_leaf.setdefault(key, at)
    columns = {key: places[0] for key, places in found.items() if len(places) == 1}
    twice = {key: [(bottom, at) for at in places] for key, places in found.items() if len(places) > 1}
    return Header(bottom, {**{key: at for key, at in by_leaf.items() if key not in found}, **columns}, twice)


def view_of(grid: Grid, texts: Texts, sheet: Sheet, header: Header, tops: list[int]) -> View:
    """The table under a header; ``tops`` are the first rows of the sheet's other headers."""
    end = _end(texts, sheet, header, tops)
    rows: list[list[Any]] = [[] for _ in range(header.row + 1)]
    rows += [list(row) for row in grid.rows[header.row + 1 : end]]
    findings: list[Finding] = []
    if sheet.rows is not Rows.FREE:
        findings = _give_codes(grid, texts, sheet, header, rows)
    marks = replace(
        grid.marks, errors={place: one for place, one in grid.marks.errors.items() if header.row < place[0] < end}
    )
    merges = tuple(one for one in grid.merges if header.row < one[0][0] and one[1][0] < end)
    return View(Grid(grid.sheet, rows, marks, merges), header, findings)


def _end(texts: Texts, sheet: Sheet, header: Header, tops: list[int]) -> int:
    """The row below the table: what stood there in the form, or the next header."""
    end = min((top for top in tops if top > header.row), default=texts.height)
    after = fold(sheet.ends_before)
    below = (row for row in range(header.row + 1, end) if after and after in map(fold, texts.own_row(row)))
    return next(below, end)


def _give_codes(grid: Grid, texts: Texts, sheet: Sheet, header: Header, rows: list[list[Any]]) -> list[Finding]:
    """Write each row's code where its number stands; headings are emptied, unknown rows lose their number."""
    name_at = header.columns.get("name")
    code_at = header.columns.get(sheet.columns[0].key, name_at)
    if name_at is None or code_at is None:
        return []
    seen = [Seen(row, texts.at(row, code_at), texts.at(row, name_at)) for row in range(header.row + 1, len(rows))]
    aligned = align(sheet.lines, [one for one in seen if one.text or one.number])
    for row in range(header.row + 1, len(rows)):
        line = aligned.lines.get(row)
        _give_code(rows[row], code_at, line)
    texts_of = {one.row: one.text for one in seen}
    return [_changed(grid, row, name_at, texts_of[row], aligned.lines[row]) for row in aligned.by_place]


def _give_code(cells: list[Any], at: int, line: OfficialRow | None) -> None:
    if line is not None and not line.code:
        cells.clear()
    elif line is not None or len(cells) > at:
        cells += [""] * (at + 1 - len(cells))
        cells[at] = line.code if line is not None else ""


def _changed(grid: Grid, row: int, at: int, text: str, line: OfficialRow) -> Finding:
    return rules.ROW_TEXT_CHANGED.at(
        sheet=grid.sheet,
        cell=address(row, at),
        code=line.code or None,
        value=clip(text, 60),
        expected=clip(line.text, 60),
    )
