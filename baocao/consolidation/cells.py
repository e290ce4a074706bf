"""Values out of frames: pandas' NaN and None are both «empty»."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.workbook.cells import fold
from baocao.workbook.reading.free_rows import says_nothing

_LONGEST_NOTHING = 60


def in_plan_order(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the units as the plan names them; a unit's own rows stay in their order."""
    places = {unit.code: place for place, unit in enumerate(plan.units)}
    return frame.iloc[frame["unit"].map(places).argsort(kind="stable")]


def rows_of(frame: pd.DataFrame, period: Period) -> list[dict[Any, Any]]:
    """The rows of one period, as mappings by column."""
    return frame[frame["period"] == str(period)].to_dict("records")


def columns_of(frame: pd.DataFrame, *texts: str) -> list[list[Any]]:
    """The columns of a frame as lists, quick for many rows; an empty cell is None.

    The named ones are free texts: what is :func:`said` in them, an empty text where there is nothing. Equal texts are
    one object, of which units, codes and results have very many; each different one is looked at once.
    """
    return [_each(frame[name], said, "") if name in texts else _plain(frame[name]) for name in frame.columns]


def _plain(column: pd.Series[Any]) -> list[Any]:
    if column.dtype == "str":
        return _each(column, str, None)
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values


def _each(column: pd.Series[Any], meaning: Callable[[str], str], empty: str | None) -> list[Any]:
    places, different = pd.factorize(column)
    meant = [*map(meaning, different.tolist()), empty]  # an empty cell's place is -1
    return [meant[place] for place in places.tolist()]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings by column; an empty cell is None."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns_of(frame), strict=True)]


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing; NaN differs from itself."""
    return value is None or value != value


def day(value: Any) -> date | None:
    """A date, also where the database gave its text."""
    if is_empty(value):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def number(value: Any) -> float | None:
    """A number."""
    return None if is_empty(value) else float(value)


def said(text: str) -> str:
    """A free text, empty where it only says that there is nothing («Không», «-»), as older homes hold them."""
    return "" if len(text) <= _LONGEST_NOTHING and says_nothing(fold(text)) else text


def texts(row: dict[Any, Any], *names: str) -> dict[str, str]:
    """Text columns of a row; an empty one is an empty text."""
    return {name: "" if is_empty(row[name]) else str(row[name]) for name in names}
