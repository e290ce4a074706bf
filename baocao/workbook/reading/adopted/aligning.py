"""Which row of a filled official form is which: by number and text, and by its place where the text was changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from baocao.domain.planned.form import OfficialRow
from baocao.workbook.cells import fold


@dataclass(frozen=True, slots=True)
class Seen:
    """A row (from 0) of a file: its number and its text as they stand there."""

    row: int
    number: str
    text: str


@dataclass(slots=True)
class Aligned:
    """The form's row of each row of the file; ``by_place``: those whose text is another one."""

    lines: dict[int, OfficialRow] = field(default_factory=dict)
    by_place: list[int] = field(default_factory=list)


def align(lines: Sequence[OfficialRow], seen: Sequence[Seen]) -> Aligned:
    """Find the rows of the form again. Rows that were moved, inserted or numbered anew do not matter."""
    found = Aligned()
    _match(found, lines, seen, lambda number, text: (_number(number), fold(text)))
    _match(found, lines, seen, lambda _, text: fold(text))
    rest = _left(found, seen)
    for line in _missing(found, lines):
        row = next((one.row for one in rest if one.row not in found.lines and fold(one.text) == fold(line.text)), None)
        if row is not None:
            found.lines[row] = line
    _place(found, lines, seen)
    return found


def _number(text: str) -> str:
    return fold(text).rstrip(".) ")


def _match(found: Aligned, lines: Sequence[OfficialRow], seen: Sequence[Seen], key: object) -> None:
    wanted, rest = _missing(found, lines), _left(found, seen)
    matcher = SequenceMatcher(
        None,
        [key(line.number, line.text) for line in wanted],  # type: ignore[operator]
        [key(one.number, one.text) for one in rest],  # type: ignore[operator]
        autojunk=False,
    )
    for first, second, size in matcher.get_matching_blocks():
        for step in range(size):
            found.lines[rest[second + step].row] = wanted[first + step]


def _missing(found: Aligned, lines: Sequence[OfficialRow]) -> list[OfficialRow]:
    taken = {line.row for line in found.lines.values()}
    return [line for line in lines if line.row not in taken]


def _left(found: Aligned, seen: Sequence[Seen]) -> list[Seen]:
    return [one for one in seen if one.row not in found.lines]


def _place(found: Aligned, lines: Sequence[OfficialRow], seen: Sequence[Seen]) -> None:
    """Rows between two that are known are those of the form between them, where they are as many."""
    rows = {line.row: row for row, line in found.lines.items()}
    for run, after, before in _runs(lines, rows):
        between = [one.row for one in seen if after < one.row < before and one.row not in found.lines and one.text]
        if len(between) == len(run):
            found.lines |= dict(zip(between, run, strict=True))
            found.by_place += between


def _runs(lines: Sequence[OfficialRow], rows: dict[int, int]) -> Iterator[tuple[list[OfficialRow], int, float]]:
    """Every run of form rows that were not found, with the file's rows before and after it."""
    run: list[OfficialRow] = []
    after = -1
    for line in lines:
        if line.row not in rows:
            run.append(line)
            continue
        if run:
            yield run, after, rows[line.row]
        run, after = [], rows[line.row]
    if run:
        yield run, after, float("inf")
