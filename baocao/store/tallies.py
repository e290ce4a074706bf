"""Sums and counts that the database makes itself, so that pages stay quick with very many units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Float, and_, case, func, literal, select

from baocao.domain.period import Period
from baocao.domain.plan import Plan
from baocao.store.facts import effective_subquery
from baocao.store.schema import CONTENT_TABLES, figures, tasks
from baocao.store.schema_mail import message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Reach:
    """How many units gave a figure in a period, and for how many of them its target is reached or nothing occurred."""

    reported: int
    reached: int
    not_applicable: int


def summed(connection: Connection, form: str, up_to: Period) -> pd.DataFrame:
    """The whole pilot as one unit: numerators and denominators of all that counts, added up by period and code.

    Columns as :mod:`baocao.consolidation.figures` wants them: ``period``, ``unit`` (empty), ``code``, ``numerator``,
    ``denominator``.
    """
    import pandas as pd

    found = effective_subquery(form, up_to)
    query = (
        select(
            found.c.period,
            literal("").label("unit"),
            figures.c.code,
            func.sum(figures.c.numerator).label("numerator"),
            func.sum(figures.c.denominator).label("denominator"),
        )
        .join(found, found.c.id == figures.c.submission_id)
        .where(figures.c.numerator.is_not(None), figures.c.denominator.is_not(None))
        .group_by(found.c.period, figures.c.code)
        .order_by(found.c.period, figures.c.code)
    )
    return pd.read_sql_query(query, connection, dtype={"numerator": "float64", "denominator": "float64"})


def reach(connection: Connection, plan: Plan, period: Period) -> dict[str, Reach]:
    """By code of what is typed, how the units stand in a period; compared on the unrounded fraction."""
    found = effective_subquery(plan.cycle(period).form, period)
    target = case({one.code: one.target_pct for one in plan.figures}, value=figures.c.code)
    has_ratio = and_(figures.c.denominator > 0, figures.c.numerator.is_not(None))
    is_reached = and_(has_ratio, figures.c.numerator * 100 >= target * figures.c.denominator)
    query = (
        select(
            figures.c.code,
            func.count(figures.c.numerator),
            func.sum(case((is_reached, 1), else_=0)),
            func.sum(case((figures.c.denominator == 0, 1), else_=0)),
        )
        .join(found, found.c.id == figures.c.submission_id)
        .where(found.c.period == str(period))
        .group_by(figures.c.code)
    )
    return {code: Reach(*map(int, counts)) for code, *counts in connection.execute(query)}


def task_counts(connection: Connection, form: str, period: Period) -> dict[str | None, int]:
    """How many of the units' tasks have which status in a period; None where none was given."""
    found = effective_subquery(form, period)
    query = (
        select(tasks.c.status, func.count())
        .join(found, found.c.id == tasks.c.submission_id)
        .where(found.c.period == str(period))
        .group_by(tasks.c.status)
    )
    return {status: int(count) for status, count in connection.execute(query)}


def rows_of_units(connection: Connection, table: str, form: str, up_to: Period, units: Collection[str]) -> pd.DataFrame:
    """What :func:`baocao.store.facts.frame_of` gives, of some units only (a few hundred at most)."""
    import pandas as pd

    target, found = CONTENT_TABLES[table], effective_subquery(form, up_to)
    key = target.c.code if "code" in target.c else target.c.ordinal
    query = (
        select(found.c.period, found.c.unit, *[column for column in target.c if column.name != "submission_id"])
        .join(found, found.c.id == target.c.submission_id)
        .where(found.c.unit.in_(sorted(units)))
        .order_by(found.c.period, found.c.unit, key)
    )
    numbers = {column.name: "float64" for column in target.c if isinstance(column.type, Float)}
    return pd.read_sql_query(query, connection, dtype=numbers)


def count_messages(connection: Connection, key_prefix: str) -> int:
    """How many messages have keys that begin so (``remind/2022-10/1/``)."""
    query = select(func.count()).where(message.c.key.startswith(key_prefix, autoescape=True))
    return connection.scalar(query) or 0
