"""Which column of an official table is which, by the likeness of its name to those that we know."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from baocao.domain.planned.form import Column, Sheet
from baocao.workbook.adopting.synonyms import COLUMNS, FOREIGN
from baocao.workbook.official.headers import Texts, leaf
from baocao.workbook.reading.advice import plain

SURE, LIKELY = 85.0, 65.0
"""Out of 100: from SURE on nobody need look; below LIKELY it is not proposed."""
_TALLEST = 3
_LONGEST_NAME = 90
_FOREIGN = frozenset(plain(one) for one in FOREIGN)
_WITHIN = 0.92
"""A name that only contains ours is a little less sure than ours."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column (from 0) of an official table: what it is called, and whose it is (None: nobody's), how surely."""

    at: int
    header: str
    key: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A header (rows from 0) that may be a table's, and how well it fits."""

    top: int
    bottom: int
    columns: tuple[Named, ...]

    @property
    def weight(self) -> float:
        """The sum of the scores of the columns that were found."""
        return sum(one.score for one in self.columns if one.key is not None)

    def at(self, key: str) -> int | None:
        """Where a column stands."""
        return next((one.at for one in self.columns if one.key == key), None)


def headers_of(texts: Texts, sheet: Sheet) -> Iterator[Found]:
    """Every block of up to three rows that names enough of the sheet's columns to be its header."""
    for top in range(texts.height):
        for bottom in range(top, min(top + _TALLEST, texts.height)):
            if _is_short(texts, bottom) and _is_whole(texts, top, bottom):
                found = Found(top, bottom, named(texts.header(top, bottom), sheet.columns))
                if sum(one.key is not None for one in found.columns) >= max(3, len(sheet.columns) // 3):
                    yield found


def _is_short(texts: Texts, row: int) -> bool:
    """Whether a row has names in it, and no whole sentence."""
    cells = texts.row(row)
    return sum(bool(text) for text in cells) > 1 and max(map(len, cells)) <= _LONGEST_NAME


def _is_whole(texts: Texts, top: int, bottom: int) -> bool:
    """Whether a block has texts in each row and cuts through no merged cell."""
    if any(not any(texts.row(row)) for row in range(top, bottom + 1)):
        return False
    inside = all(texts.first(row, at)[0] >= top for row in range(top, bottom + 1) for at in range(texts.width))
    below = bottom + 1 < texts.height and any(
        texts.first(bottom + 1, at)[0] <= bottom and texts.at(bottom, at) for at in range(texts.width)
    )
    return inside and not below


def named(headers: Sequence[str], columns: Iterable[Column]) -> tuple[Named, ...]:
    """The columns of a header, each given to the key that it is most like; one column for one key."""
    scores = sorted(
        (
            (_likeness(header, column), -at, column.key)
            for at, header in enumerate(headers)
            if header and not _is_foreign(header)
            for column in columns
        ),
        reverse=True,
    )
    taken: dict[int, tuple[str, float]] = {}
    keys: set[str] = set()
    for score, place, key in scores:
        if score >= LIKELY and -place not in taken and key not in keys:
            taken[-place] = (key, score)
            keys.add(key)
    return tuple(Named(at, text, *taken.get(at, (None, 0.0))) for at, text in enumerate(headers) if text)


def _is_foreign(header: str) -> bool:
    return _plain(leaf(header)) in _FOREIGN


def _likeness(header: str, column: Column) -> float:
    texts = {_plain(header), _plain(leaf(header))}
    return max(likeness(text, name) for text in texts for name in _names(column))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return plain(text)


@lru_cache(maxsize=512)
def _names(column: Column) -> frozenset[str]:
    """What a column is called, here or elsewhere."""
    return frozenset(plain(name) for name in (column.header, *COLUMNS.get(column.key, ())))


def likeness(text: str, name: str) -> float:
    """How alike two plain texts are, out of 100; less sure where one only contains the other."""
    if not text or not name:
        return 0.0
    within = fuzz.token_set_ratio(text, name) * _WITHIN if min(len(text), len(name)) > 3 else 0.0
    return max(fuzz.ratio(text, name), within * _share(text, name))


def _share(text: str, name: str) -> float:
    """Less for a name that is a small part of a long text."""
    few, many = sorted((len(text.split()), len(name.split())))
    return min(1.0, 0.75 + 0.5 * few / many)
