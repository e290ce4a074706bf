"""Difficulties in a period, with the period in which each was first raised."""

from __future__ import annotations

from typing import Any

import pandas as pd

from baocao.consolidation.cells import is_empty, records, said, texts
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import Difficulty, identity_of

_FREE = ("difficulty", "cause", "proposal", "settled_by")


def report_difficulties(difficulties: pd.DataFrame, period: Period) -> tuple[Difficulty, ...]:
    """The difficulties reported in the period, those beyond the unit's authority first, then the oldest."""
    rows = records(difficulties)
    first: dict[tuple[str, str], str] = {}
    for row in rows:  # ordered by period
        first.setdefault(_identity(row), row["period"])
    since = {text: Period.parse(text) for text in set(first.values())}
    current = [_difficulty(row, since[first[_identity(row)]]) for row in rows if row["period"] == str(period)]
    current = [one for one in current if one.difficulty or one.proposal]
    return tuple(sorted(current, key=lambda one: (not one.is_beyond_authority, one.since or period)))


def _identity(row: dict[Any, Any]) -> tuple[str, str]:
    return identity_of(row["unit"], row["difficulty"] or row["proposal"] or "")


def _difficulty(row: dict[Any, Any], since: Period) -> Difficulty:
    return Difficulty(
        unit=row["unit"],
        **{name: said(text) for name, text in texts(row, *_FREE).items()},
        is_beyond_authority=not is_empty(row["is_beyond_authority"]) and bool(row["is_beyond_authority"]),
        since=since,
    )
