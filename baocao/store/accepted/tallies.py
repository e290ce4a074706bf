"""Sums and counts that the database makes itself, so that pages stay quick with very many units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, and_, case, distinct, func, or_, select

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Timeliness, Verdict
from baocao.domain.reported.progress import share_of
from baocao.store.accepted.counted import effective_subquery
from baocao.store.accepted.impossible import is_possible
from baocao.store.schema.mail import message
from baocao.store.schema.reporting import figures, submission, tasks


@dataclass(frozen=True, slots=True)
class Reach:
    """How many units gave a figure in a period, and for how many of them its target is reached or nothing occurred."""

    reported: int
    reached: int
    not_applicable: int


def summed(connection: Connection, form: str, up_to: Period, unbounded: Collection[str] = ()) -> pd.DataFrame:
    """The units that reported in every period as one; the others, whose last values may count on, each by itself.

    Numerators and denominators of all that counts, added up by period and code. Columns as
    :mod:`baocao.consolidation.figures` wants them: ``period``, ``unit`` (empty for the sum), ``code``, ``numerator``,
    ``denominator``.
    """
    found = effective_subquery(form, up_to)
    periods = select(func.count(distinct(found.c.period))).scalar_subquery()
    steady = select(found.c.unit).group_by(found.c.unit).having(func.count() == periods)
    unit = case((found.c.unit.in_(steady), ""), else_=found.c.unit).label("unit")
    query = (
        select(
            found.c.period,
            unit,
            figures.c.code,
            func.sum(figures.c.numerator).label("numerator"),
            func.sum(figures.c.denominator).label("denominator"),
        )
        .join(found, found.c.id == figures.c.submission_id)
        .where(figures.c.numerator.is_not(None), figures.c.denominator.is_not(None), is_possible(unbounded))
        .group_by(found.c.period, unit, figures.c.code)
        .order_by(found.c.period, unit, figures.c.code)
    )
    return pd.read_sql_query(query, connection, dtype={"numerator": "float64", "denominator": "float64"})


def reach(connection: Connection, plan: Plan, period: Period) -> dict[str, Reach]:
    """By code of what is typed, how the units stand in a period; compared on counts."""
    found = effective_subquery(plan.cycle(period).form, period)
    shares = {one.code: share_of(one.target_pct) for one in plan.figures}
    whole = case({code: share.whole for code, share in shares.items()}, value=figures.c.code)
    part = case({code: share.part for code, share in shares.items()}, value=figures.c.code)
    if own := [
        (and_(figures.c.code == one.code, found.c.unit == unit), share_of(target))
        for one in plan.figures
        for unit, target in one.targets.items()
    ]:
        whole = case(*((mine, share.whole) for mine, share in own), else_=whole)
        part = case(*((mine, share.part) for mine, share in own), else_=part)
    has_ratio = and_(figures.c.denominator > 0, figures.c.numerator.is_not(None))
    sign = case({one.code: -1 if one.is_lower else 1 for one in plan.figures}, value=figures.c.code)
    is_reached = and_(has_ratio, sign * figures.c.numerator * whole >= sign * figures.c.denominator * part)
    query = (
        select(
            figures.c.code,
            func.count(figures.c.numerator),
            func.sum(case((is_reached, 1), else_=0)),
            func.sum(case((figures.c.denominator == 0, 1), else_=0)),
        )
        .join(found, found.c.id == figures.c.submission_id)
        .where(found.c.period == str(period), or_(figures.c.numerator.is_(None), is_possible(plan.unbounded)))
        .group_by(figures.c.code)
    )
    return {code: Reach(*map(int, counts)) for code, *counts in connection.execute(query)}


def reporting_units(connection: Connection, form: str, period: Period) -> set[str]:
    """The units whose report of a period counts."""
    found = effective_subquery(form, period, since=period)
    return set(connection.scalars(select(found.c.unit)))


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


@dataclass(frozen=True, slots=True)
class Kept:
    """How many units have an accepted report of a period, and how many of them one that came in time."""

    accepted: int = 0
    on_time: int = 0


def deadlines_kept(connection: Connection) -> dict[Period, Kept]:
    """By period, how the units kept its deadline."""
    in_time = case((submission.c.timeliness == Timeliness.ON_TIME, submission.c.unit))
    query = (
        select(submission.c.period, func.count(distinct(submission.c.unit)), func.count(distinct(in_time)))
        .where(submission.c.verdict == Verdict.ACCEPTED)
        .group_by(submission.c.period)
    )
    return {Period.parse(period): Kept(accepted, on_time) for period, accepted, on_time in connection.execute(query)}


def count_messages(connection: Connection, key_prefix: str) -> int:
    """How many messages have keys that begin so (``remind/2022-10/1/``)."""
    query = select(func.count()).where(message.c.key.startswith(key_prefix, autoescape=True))
    return connection.scalar(query) or 0
