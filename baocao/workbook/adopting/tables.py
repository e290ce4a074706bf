"""The tables of an official file: which of our sheets each one stands for, and where it begins and ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baocao.domain.planned.form import Rows, Sheet
from baocao.workbook.adopting.columns import Found, headers_of
from baocao.workbook.formats.grid import Grid
from baocao.workbook.official.headers import Texts


@dataclass(frozen=True, slots=True)
class Seen:
    """One sheet of the file with its texts."""

    grid: Grid
    texts: Texts


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one of our sheets was found: its header, and the row (from 0) below the room that it has."""

    sheet: Sheet
    seen: Seen
    found: Found
    end: int


def find_tables(sheets: Sequence[Seen], wanted: Sequence[Sheet]) -> list[Spot]:
    """A place for each of our sheets that the file has, the best fitting first; no header stands for two."""
    candidates = sorted(
        (
            (found.weight / len(sheet.columns), found, sheet, seen)
            for sheet in wanted
            for seen in sheets
            for found in headers_of(seen.texts, sheet)
        ),
        key=lambda one: (-one[0], one[1].bottom - one[1].top, one[1].top),
    )
    taken: list[tuple[Found, Sheet, Seen]] = []
    for _, found, sheet, seen in candidates:
        if all(sheet is not other and not _overlap(found, seen, *rest) for rest, other in _places(taken)):
            taken.append((found, sheet, seen))
    return [Spot(sheet, seen, found, _end(found, seen, taken)) for found, sheet, seen in taken]


def _places(taken: Sequence[tuple[Found, Sheet, Seen]]) -> Iterator[tuple[tuple[Found, Seen], Sheet]]:
    for found, sheet, seen in taken:
        yield (found, seen), sheet


def _overlap(found: Found, seen: Seen, other: Found, other_seen: Seen) -> bool:
    return seen is other_seen and found.top <= other.bottom and other.top <= found.bottom


def _end(found: Found, seen: Seen, taken: Sequence[tuple[Found, Sheet, Seen]]) -> int:
    below = (other.top for other, _, where in taken if where is seen and other.top > found.bottom)
    return min(below, default=seen.texts.height)


def free_rows(spot: Spot) -> int:
    """The row (from 0) below a free table: it ends where something is written that is no number of a row."""
    texts = spot.seen.texts
    index = spot.found.at(spot.sheet.columns[0].key)
    row = spot.found.bottom + 1
    while row < spot.end and _is_free(texts.own_row(row), index):
        row += 1
    while row > spot.found.bottom + 2 and not any(texts.own_row(row - 1)):
        row -= 1
    return row


def _is_free(cells: Sequence[str], index: int | None) -> bool:
    return all(not text or (at == index and text.rstrip(".)").isdigit()) for at, text in enumerate(cells))


def text_below(spot: Spot, row: int) -> str:
    """The first text at or below a row: what ends the table."""
    texts = spot.seen.texts
    return next((text for number in range(row, texts.height) for text in texts.own_row(number) if text), "")


def is_coded(sheet: Sheet) -> bool:
    """Whether each row of a sheet is somebody's: a figure, a task."""
    return sheet.rows not in (Rows.FREE, Rows.LABELS)
