"""The proposals that a report tells of: numbered in the transaction that numbers the report."""

from collections.abc import Iterable
from datetime import datetime

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.followed import Followed
from baocao.store.accepted.facts import Facts
from baocao.store.engine.names import Connection
from baocao.store.published import proposals
from baocao.store.reports import ReportRecord

_SHEET = "difficulties"


def follow(connection: Connection, plan: Plan, facts: Facts, record: ReportRecord | None) -> list[Followed]:
    """Every proposal that was put forward, with those of this report; none where its form asks for no difficulties.

    A draft (``record`` is None) numbers nothing.
    """
    if _SHEET not in facts.frames:
        return []
    if record is not None:
        reporting = {one.unit for one in facts.effective if one.period == facts.period}
        difficulties = report_difficulties(plan, facts.frames[_SHEET], facts.period)
        proposals.put_forward(connection, difficulties, reporting, facts.period)
    return proposals.known(connection)


def known_then(followed: Iterable[Followed], period: Period, made_at: datetime) -> list[Followed]:
    """The proposals of the periods up to one, as they stood when its report was made (aware)."""
    return [one.as_known(period, made_at) for one in followed if one.since <= period]
