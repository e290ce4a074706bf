"""The proposals that a report tells of: numbered in the transaction that numbers the report."""

from collections.abc import Iterable
from datetime import datetime

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.followed import Followed
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
    """Each difficulty under the number by which its proposal is answered; what several units ask bears the first."""
    given = {put.identity: put.number for put in followed}
    all_of_them = list(difficulties)
    lowest: dict[str, int] = {}
    for one in all_of_them:
        if one.identity in given:
            lowest[one.number] = min(given[one.identity], lowest.get(one.number, given[one.identity]))
    return tuple(
        one.model_copy(update={"number": str(lowest[one.number])}) if one.number in lowest else one
        for one in all_of_them
    )


def told(followed: list[Followed], facts: Facts, made_at: datetime, before: datetime | None) -> tuple[Followed, ...]:
    """Those that the report of a period tells of, as they stood when it was made (aware).

    ``before``: when the report before it was made.
    """
    known = (one.as_known(facts.period, made_at) for one in followed if one.since <= facts.period)
    return tuple(one for one in known if one.is_told(facts.period, before))
