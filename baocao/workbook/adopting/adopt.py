"""A form proposed from an official file: each table, column, row and line of information with a score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from baocao.domain.planned.form import Column, Form, OfficialRow, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import clip
from baocao.workbook.adopting import columns, rows
from baocao.workbook.adopting.columns import Named
from baocao.workbook.adopting.lines import find_lines
from baocao.workbook.adopting.rows import Given, Said, match_rows
from baocao.workbook.adopting.tables import Seen, Spot, find_tables, free_rows, is_coded, text_below
from baocao.workbook.formats.grid import Grid, address, letter
from baocao.workbook.layout import Entry, entries_of
from baocao.workbook.official.headers import Texts
from baocao.workbook.reading.advice import plain

_TWINS = "các dòng cùng nội dung, xếp theo thứ tự"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a person must confirm: where, what stands there, what it was taken for, how surely."""

    sheet: str
    cell: str
    text: str
    meant: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something of ours that the official form does not have; ``sheet`` is the title of the table."""

    sheet: str
    key: str
    header: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it was understood."""

    sheet: str
    columns: tuple[Named, ...]
    rows: tuple[tuple[Said, Given | None], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A form made of an official file, with what is sure, guessed and missing in it."""

    form: Form
    tables: tuple[Table, ...]
    unsure: tuple[Doubt, ...]
    missing: tuple[Missing, ...]


def propose(plan: Plan, base: Form, version: int, grids: Sequence[Grid]) -> Proposal:
    """Make a form of an official file's sheets; ``base`` is the form of the plan that it takes the place of."""
    seen = [Seen(grid, Texts(grid)) for grid in grids]
    spots = {spot.sheet.key: spot for spot in find_tables(seen, base.sheets)}
    read = {key: _read(plan, spot) for key, spot in spots.items()}
    first = next((one.seen for one in spots.values()), None)
    info, info_missing = find_lines(base.info, first)
    sheets = tuple(
        _sheet(spots[one.key], read[one.key]) if one.key in spots else _absent(one, info.name) for one in base.sheets
    )
    changes: dict[str, Any] = {"version": version, "status": "official", "info": info, "sheets": sheets}
    form = base.model_copy(update={**changes, "guide": ()})
    found = [(spots[sheet.key], read[sheet.key]) for sheet in base.sheets if sheet.key in spots]
    tables = tuple(Table(spot.seen.grid.sheet, spot.found.columns, tuple(said)) for spot, said in found)
    return Proposal(
        form,
        tables,
        tuple(_doubts(spots, read)),
        (*_missing(plan, base, spots, read), *(Missing(base.info.title, one.key, one.header) for one in info_missing)),
    )


Read = list[tuple[Said, Given | None]]


def _read(plan: Plan, spot: Spot) -> Read:
    """The rows of a coded table, each with the code that it has; none for free rows."""
    name = spot.found.at("name")
    if not is_coded(spot.sheet) or name is None:
        return []
    texts, code = spot.seen.texts, spot.found.at("code")
    numbers = range(spot.found.bottom + 1, spot.end)
    said = [Said(row, texts.at(row, code) if code is not None else "", texts.at(row, name)) for row in numbers]
    given = {one.said.row: one for one in match_rows(said, entries_of(plan, spot.sheet.rows))}
    last = max(given, default=spot.found.bottom)
    return [(one, given.get(one.row)) for one in said if one.row <= last and (one.text or one.number)]


def _sheet(spot: Spot, read: Read) -> Sheet:
    """The sheet as it stands in the official file, its columns in our order."""
    end = read[-1][0].row + 1 if read else free_rows(spot)
    places = {one.key: one for one in spot.found.columns if one.key is not None}
    changes: dict[str, Any] = {
        "name": spot.seen.grid.sheet,
        "header": (spot.found.top + 1, spot.found.bottom + 1),
        "last": end,
        "ends_before": clip(text_below(spot, end), 200),
        "free_rows": 0 if is_coded(spot.sheet) else end - spot.found.bottom - 1,
        "columns": tuple(_column(column, places.get(column.key)) for column in spot.sheet.columns),
        "lines": tuple(_line(said, given) for said, given in read),
    }
    return spot.sheet.model_copy(update=changes)


def _absent(sheet: Sheet, name: str) -> Sheet:
    """A table that the official file does not have: nothing of it is filled in or asked."""
    changes: dict[str, Any] = {"name": name, "header": (1, 1), "last": 0, "free_rows": 0, "lines": ()}
    return sheet.model_copy(update={**changes, "columns": tuple(_column(one, None) for one in sheet.columns)})


def _column(column: Column, place: Named | None) -> Column:
    changes = {"at": ""} if place is None else {"at": letter(place.at), "header": place.header}
    return column.model_copy(update=changes)


def _line(said: Said, given: Given | None) -> OfficialRow:
    code = given.code if given is not None else ""
    return OfficialRow(row=said.row + 1, code=code, number=said.number, text=said.text)


def _doubts(spots: dict[str, Spot], read: dict[str, Read]) -> Iterator[Doubt]:
    for key, spot in spots.items():
        sheet = spot.seen.grid.sheet
        for one in spot.found.columns:
            if one.key is not None and one.score < columns.SURE:
                cell = address(spot.found.bottom, one.at)
                meant = spot.sheet.column(one.key).header
                yield Doubt(sheet, cell, one.header, meant, round(one.score, 1), "tên cột chỉ gần giống")
        at = spot.found.at("name") or 0
        yield from _row_doubts(sheet, at, [given for _, given in read[key] if given is not None])


def _row_doubts(sheet: str, at: int, given: Sequence[Given]) -> Iterator[Doubt]:
    twins: dict[str, list[Given]] = {}
    for one in given:
        if one.is_twin:
            twins.setdefault(plain(one.said.text), []).append(one)
        elif one.score < rows.SURE:
            cell = address(one.said.row, at)
            yield Doubt(sheet, cell, clip(one.said.text), one.code, one.score, "nội dung chỉ gần giống")
    for same in twins.values():
        cells = ", ".join(address(one.said.row, at) for one in same)
        codes = ", ".join(one.code for one in same)
        yield Doubt(sheet, cells, clip(same[0].said.text), codes, same[0].score, _TWINS)


def _missing(plan: Plan, base: Form, spots: dict[str, Spot], read: dict[str, Read]) -> Iterator[Missing]:
    for sheet in base.sheets:
        if sheet.key not in spots:
            yield Missing(sheet.title, sheet.key, sheet.title)
            continue
        found = {one.key for one in spots[sheet.key].found.columns}
        yield from (Missing(sheet.title, one.key, one.header) for one in sheet.columns if one.key not in found)
        codes = {given.code for _, given in read[sheet.key] if given is not None}
        lacking: list[Entry] = [one for one in entries_of(plan, sheet.rows) if one.code not in codes]
        yield from (Missing(sheet.title, one.code, one.name) for one in lacking)
