"""Difficulties in a period: what the units ask now, and what silent units asked last and was not answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from baocao.consolidation.cells import is_empty, records, said, texts
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Submission
from baocao.domain.reported.progress import Difficulty, folded_words

_FREE = ("difficulty", "cause", "proposal", "settled_by")
_Key = tuple[str, ...]


def report_difficulties(
    plan: Plan, difficulties: pd.DataFrame, period: Period, counted: Iterable[Submission] = ()
) -> tuple[Difficulty, ...]:
    """What is asked in the period: beyond the units' authority first, then the oldest, then in the plan's order.

    ``difficulties``: the rows of every period up to this one, ordered by period. ``counted``: the submissions that
    count in these periods; a unit without one of this period still asks what it asked in its last one, where another
    unit reported. What several units put to one agency in the same words is one proposal, with one number and one age.
    """
    gone = plan.gone_by(period)
    last = _last_periods(one for one in counted if one.unit not in gone)
    is_reported = period in last.values()
    register = _Register()
    current = []
    for row, words in ((row, words) for row in records(difficulties) if (words := _words(row))):
        number, asked = register.enter(row, words), Period.parse(row["period"])
        is_carried = is_reported and asked < period and asked == last.get(row["unit"])
        if asked == period or is_carried:
            current.append(_difficulty(row, number, register.since(number), asked if is_carried else None))
    places = {unit.code: place for place, unit in enumerate(plan.units)}
    return tuple(
        sorted(current, key=lambda one: (not one.is_beyond_authority, one.since or period, places.get(one.unit, 0)))
    )


def _last_periods(counted: Iterable[Submission]) -> dict[str, Period]:
    last: dict[str, Period] = {}
    for one in counted:
        last[one.unit] = max(one.period, last.get(one.unit, one.period))
    return last


class _Register:
    """Numbers proposals in the order in which they were first raised.

    The same words to the same agency are one proposal, whoever repeats them; so are a unit's own words of an earlier
    period where it names another agency now. What a unit lists twice in one period are two.
    """

    def __init__(self) -> None:
        self._known: dict[_Key, str] = {}
        self._since: dict[str, Period] = {}
        self._used: set[tuple[str, str, str]] = set()
        self._counts: dict[tuple[str, str], int] = {}

    def enter(self, row: dict[str, Any], words: str) -> str:
        """The number of a row's proposal: whose it was first, of which period, which of those it raised then."""
        unit, period = row["unit"], row["period"]
        keys = (words, folded_words(row["settled_by"] or "")), (unit, words, "")
        known = (self._known[key] for key in keys if key in self._known)
        free = (one for one in known if (unit, period, one) not in self._used)
        number = min(free, key=self.since, default="") or self._new(unit, period)
        self._used.add((unit, period, number))
        self._known |= {key: number for key in keys if key not in self._known}
        return number

    def since(self, number: str) -> Period:
        """The period in which a proposal was first raised."""
        return self._since[number]

    def _new(self, unit: str, text: str) -> str:
        count = self._counts[unit, text] = self._counts.get((unit, text), 0) + 1
        period = Period.parse(text)
        number = f"{unit}-{period.short}-{count}"
        self._since[number] = period
        return number


def _words(row: dict[str, Any]) -> str:
    """What is asked, ready to be compared; empty where nothing is."""
    return folded_words(said(row["difficulty"] or "") or said(row["proposal"] or ""))


def _difficulty(row: dict[str, Any], number: str, since: Period, carried: Period | None) -> Difficulty:
    return Difficulty(
        unit=row["unit"],
        **{name: said(text) for name, text in texts(row, *_FREE).items()},
        is_beyond_authority=not is_empty(row["is_beyond_authority"]) and bool(row["is_beyond_authority"]),
        since=since,
        number=number,
        carried=carried,
    )
