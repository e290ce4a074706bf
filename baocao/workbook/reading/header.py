"""The header of a table: found by its labels, with what a changed label was most likely meant to be."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from baocao.domain.planned.form import Column, Sheet
from baocao.domain.received.finding import Finding
from baocao.workbook import rules
from baocao.workbook.cells import fold, fold_name, folded
from baocao.workbook.formats.grid import Address, Grid, address
from baocao.workbook.reading.advice import plain

_SEARCH_ROWS = 40
_SEARCH_COLUMNS = 60
_CODED_ROWS = 500
_LONGEST_LABEL = 60
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header row is, and under which column (from 0) each key of the form stands.

    ``twice``: the cells of labels that are there more than once; they have no column. ``changed``: columns whose label
    was changed but is still sure, so that they can be read; ``likely``: cells that may be a column that is missing.
    """

    row: int
    columns: dict[str, int]
    twice: dict[str, list[Address]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    likely: dict[str, int] = field(default_factory=dict)


def find_header(grid: Grid, sheet: Sheet, codes: tuple[str, ...] = ()) -> Header:
    """The row with the most of the form's labels, one with the first column's label before others.

    A label that stands twice in it, or elsewhere in a second row as good, has no column. A label without its marks is
    still known, and a column of ``codes`` by what it holds: the file is told of it, and read.
    """
    keys = {fold_name(column.header): column.key for column in reversed(sheet.columns)}
    first = sheet.columns[0].key
    best: list[tuple[int, dict[str, list[int]]]] = [(0, {})]
    best_rank = (False, 0)
    for number, row in enumerate(grid.rows[:_SEARCH_ROWS]):
        labels = _labels(row, keys)
        rank = (first in labels and len(labels) > 1, len(labels))
        if rank > best_rank:
            best, best_rank = [(number, labels)], rank
        elif rank == best_rank and rank[0]:
            best.append((number, labels))
    return _with_changed(_header(best), grid, sheet, codes)


def share_of_labels(grid: Grid, sheet: Sheet) -> float:
    """How many of the form's labels a sheet has in one row, from 0 to 1."""
    return len(find_header(grid, sheet).columns) / len(sheet.columns)


def _header(candidates: list[tuple[int, dict[str, list[int]]]]) -> Header:
    row, labels = candidates[0]
    others = [(number, other) for number, other in candidates if other != labels]
    twice: dict[str, list[Address]] = {}
    for key in labels:
        cells = [(number, at) for number, other in [candidates[0], *others] for at in other.get(key, [])]
        if len({at for _, at in cells}) > 1:
            twice[key] = cells
    return Header(row, {key: places[0] for key, places in labels.items() if key not in twice}, twice)


def _labels(row: list[Any], keys: dict[str, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, raw in enumerate(row):
        if isinstance(raw, str) and raw:
            key = keys.get(fold_name(raw))
            if key is not None:
                found.setdefault(key, []).append(at)
    return found


def _with_changed(header: Header, grid: Grid, sheet: Sheet, codes: tuple[str, ...]) -> Header:
    """The header with what its missing columns most likely are; nothing is guessed in a row with hardly a label."""
    missing = [column for column in sheet.columns if column.key not in {**header.columns, **header.twice}]
    if not missing or len(header.columns) < 2:
        return header
    claimed = {*header.columns.values(), *(at for cells in header.twice.values() for _, at in cells)}
    free = {at: folded(raw) for at, raw in enumerate(grid.rows[header.row][:_SEARCH_COLUMNS]) if at not in claimed}
    changed: dict[str, int] = {}
    likely: dict[str, int] = {}
    for column in missing:
        if (sure := _sure(column, free)) is not None:
            changed[column.key] = sure
        elif (near := _near(column, free)) is not None:
            likely[column.key] = near
    first = sheet.columns[0].key
    if codes and first in {one.key for one in missing} and first not in changed:
        at = _column_of_codes(grid, header.row, codes)
        if at is not None and at not in claimed:
            changed[first] = at
    return Header(header.row, header.columns | changed, header.twice, changed, likely)


def _sure(column: Column, free: dict[int, str]) -> int | None:
    same = [at for at, text in free.items() if text and plain(text) == plain(column.header)]
    return same[0] if len(same) == 1 else None


def _near(column: Column, free: dict[int, str]) -> int | None:
    labels = {at: plain(text[:_LONGEST_LABEL]) for at, text in free.items() if text}
    scores = {at: SequenceMatcher(None, label, plain(column.header)).ratio() for at, label in labels.items()}
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= _ALIKE else None


def _column_of_codes(grid: Grid, row: int, codes: tuple[str, ...]) -> int | None:
    known = {fold(code) for code in codes}
    counts: dict[int, int] = {}
    for cells in grid.rows[row + 1 : row + 1 + _CODED_ROWS]:
        for at, raw in enumerate(cells[:_SEARCH_COLUMNS]):
            if isinstance(raw, str) and fold(raw) in known:
                counts[at] = counts.get(at, 0) + 1
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] * 2 >= len(known) else None


def missing_columns(grid: Grid, sheet: Sheet, header: Header) -> list[Finding]:
    """The columns that are not there, each with the label that was most likely its own."""
    if not header.columns and not header.twice:
        labels = ", ".join(column.header for column in sheet.columns)
        return [rules.COLUMN_MISSING.at(sheet=grid.sheet, expected=labels)]
    places = [at for key, at in header.columns.items() if key not in header.changed]
    cell = address(header.row, min(places)) if places else None
    return [
        _missing(grid, header, column, cell)
        for column in sheet.columns
        if column.key in header.changed or column.key not in {**header.columns, **header.twice}
    ]


def _missing(grid: Grid, header: Header, column: Column, cell: str | None) -> Finding:
    at = header.changed.get(column.key, header.likely.get(column.key))
    if at is None:
        return rules.COLUMN_MISSING.at(sheet=grid.sheet, cell=cell, expected=column.header)
    place, text = address(header.row, at), grid.raw(header.row, at) or ""
    is_sure = column.key in header.changed
    told = f"Hãy ghi “{column.header}” vào ô tiêu đề {place}"
    remedy = (
        f"{told}{f', thay cho “{text}”' if text else ''}."
        if is_sure
        else f"Nếu đó là cột ở ô {place} (“{text}”): {told[4:]}."
    )
    return rules.COLUMN_MISSING.at(
        sheet=grid.sheet, cell=place, value=text or None, expected=column.header, remedy=remedy
    )


def columns_twice(grid: Grid, sheet: Sheet, header: Header) -> list[Finding]:
    """The labels that stand twice."""
    return [
        rules.NAME_TWICE.at(
            sheet=grid.sheet,
            cell=address(*cells[1]),
            value=sheet.column(key).header,
            expected="một cột",
            what="Cột",
            places=", ".join(f"ô {address(*cell)}" for cell in cells),
        )
        for key, cells in header.twice.items()
    ]
