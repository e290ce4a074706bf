"""What pages are put together from: tables, cells, tiles, bars. Values are text for readers; templates only lay out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from baocao.domain.received.submission import Timeliness, UnitState, Verdict
from baocao.domain.reported.outcome import Outcome, direction
from baocao.domain.wording import points_text

Mood = Literal["", "good", "warn", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio against its target, in percent; ``previous`` is that of the period before."""

    ratio_pct: float
    target_pct: float
    previous_pct: float | None
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a second smaller line, a link, a mood (shown as a mark beside the word), a bar."""

    text: str
    note: str = ""
    href: str = ""
    mood: Mood = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers stand flush right, texts are what people typed, wide ones are the longest of them."""

    header: str
    kind: Literal["", "number", "text", "wide"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, or with ``heading`` a line over all columns. The first cell names the row."""

    cells: tuple[Cell, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``empty`` is said where it has no rows, ``more`` is a sentence on what was left out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    empty: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure with what it is; ``note`` says more."""

    value: str
    label: str
    note: str = ""
    mood: Mood = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A file to open."""

    text: str
    href: str
    note: str = field(default="")


def row(*cells: Cell | str) -> Row:
    """A row of cells; a text is a plain cell."""
    return Row(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells))


def columns(
    *headers: str, numbers: Sequence[str] = (), texts: Sequence[str] = (), wide: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Columns by their headings; the others name those that are of a kind."""

    def made(header: str) -> Column:
        if header in numbers:
            return Column(header, "number")
        return Column(header, "wide" if header in wide else "text" if header in texts else "")

    return tuple(made(header) for header in headers)


def change_text(points: float | None) -> str:
    """``+2,5 điểm phần trăm``, ``không đổi``: points against the period before; empty without a comparison."""
    if points is None:
        return ""
    sign = {1: "+", -1: "-", 0: ""}[direction(points)]
    return f"{sign}{points_text(points)}" if sign else "không đổi"


def state_cell(state: UnitState) -> Cell:
    """How a unit stands."""
    moods: dict[UnitState, Mood] = {
        UnitState.ACCEPTED: "good",
        UnitState.REJECTED: "bad",
        UnitState.MISSING: "quiet",
        UnitState.QUARANTINED: "warn",
    }
    return Cell(state.label, mood=moods[state])


def timeliness_cell(timeliness: Timeliness) -> Cell:
    """Whether in time."""
    moods: dict[Timeliness, Mood] = {Timeliness.ON_TIME: "good", Timeliness.LATE: "warn", Timeliness.MISSING: "quiet"}
    return Cell(timeliness.label, mood=moods[timeliness])


def verdict_cell(verdict: Verdict) -> Cell:
    """What became of a file."""
    return Cell(verdict.label, mood="good" if verdict is Verdict.ACCEPTED else "bad")


def outcome_cell(outcome: Outcome) -> Cell:
    """Whether a target is reached."""
    moods: dict[Outcome, Mood] = {Outcome.REACHED: "good", Outcome.MISSED: "warn"}
    return Cell(outcome.value, mood=moods.get(outcome, "quiet"))
