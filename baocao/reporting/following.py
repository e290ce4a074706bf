"""The proposals that a report tells of: numbered in the transaction that numbers the report."""

from collections.abc import Iterable
from datetime import datetime

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.reported.progress import Difficulty
from baocao.store.accepted.facts import Facts
from baocao.store.engine.names import Connection
from baocao.store.published import proposals
from baocao.store.reports import ReportRecord

_SHEET = "difficulties"


def follow(connection: Connection, plan: Plan, facts: Facts, record: ReportRecord | None) -> list[Followed]:
    """Every proposal that was put forward, with those of this report; a draft (``record`` is None) numbers nothing."""
    if record is not None and _SHEET in facts.frames:
        reporting = {one.unit for one in facts.effective if one.period == facts.period}
        difficulties = report_difficulties(plan, facts.frames[_SHEET], facts.period)
        proposals.put_forward(connection, difficulties, reporting, facts.period)
    return proposals.known(connection)


def numbered(difficulties: Iterable[Difficulty], followed: Iterable[Followed]) -> tuple[Difficulty, ...]:
    """Each difficulty under the number by which its proposal is answered.

    What several units ask bears the first that is not done. ``followed``: as :func:`known_then` gives them.
    """
    given = {put.identity: (put.state is ProposalState.DONE, put.number) for put in followed}
    all_of_them = list(difficulties)
    first: dict[str, tuple[bool, int]] = {}
    for one in all_of_them:
        if one.identity in given:
            first[one.number] = min(given[one.identity], first.get(one.number, given[one.identity]))
    return tuple(
        one.model_copy(update={"number": str(first[one.number][1])}) if one.number in first else one
        for one in all_of_them
    )


def known_then(followed: Iterable[Followed], period: Period, made_at: datetime) -> list[Followed]:
    """The proposals of the periods up to one, as they stood when its report was made (aware)."""
    return [one.as_known(period, made_at) for one in followed if one.since <= period]
