"""The proposals that a report tells of: numbered in the transaction that numbers the report."""

from datetime import datetime

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.reported.followed import Followed
from baocao.store.accepted.facts import Facts
from baocao.store.engine.names import Connection
from baocao.store.published import proposals
from baocao.store.reports import ReportRecord

_SHEET = "difficulties"


def follow(connection: Connection, facts: Facts, record: ReportRecord | None) -> list[Followed]:
    """Every proposal that was put forward, with those of this report; a draft (``record`` is None) numbers nothing."""
    if record is not None and _SHEET in facts.frames:
        reporting = {one.unit for one in facts.effective if one.period == facts.period}
        difficulties = report_difficulties(facts.frames[_SHEET], facts.period)
        proposals.put_forward(connection, difficulties, reporting, facts.period)
    return proposals.known(connection)


def told(followed: list[Followed], facts: Facts, made_at: datetime, before: datetime | None) -> tuple[Followed, ...]:
    """Those that the report of a period tells of, as they stood when it was made (aware).

    ``before``: when the report before it was made.
    """
    known = (one.as_known(facts.period, made_at) for one in followed if one.since <= facts.period)
    return tuple(one for one in known if one.is_told(facts.period, before))
