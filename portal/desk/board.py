"""Bàn làm việc: what waits for a decision, in one list; what was decided lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from baocao.decisions import explanations, more_time, proposals
from baocao.decisions.quarantine import held_files
from baocao.domain.delivery import Delivery, DeliveryState, Message
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.received.holding import likely_unit
from baocao.domain.received.submission import Receipt
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.signature import Channel
from baocao.oversight.status import current_period
from baocao.site.cells import Link, Table, columns, row
from baocao.store import audit, reports
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.store.reports import ReportRecord, ReportState
from baocao.workspace.admission import opened_periods
from portal.desk.kinds import KINDS
from portal.reading_room import links_of
from portal.room.pictures import pages
from portal.room.visit import Visit, missing

_LATELY = 20
_CHANNELS = {one.value: one.label for one in Channel}


@dataclass(frozen=True, slots=True)
class Paper:
    """A report that is not published, with its files."""

    record: ReportRecord
    files: list[Link]
    pages: int

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.record.state in (ReportState.AWAITING, ReportState.SIGNING)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of the quarantine, with the unit and the period that it is most likely for."""

    receipt: Receipt
    unit: str
    period: Period


def show(visit: Visit) -> Response:
    """The desk of whoever has anything to decide."""
    if not visit.known.has_desk:
        missing()
    may = {name for name, kind in KINDS.items() if kind.roles & visit.known.roles}
    waiting: dict[str, Any] = {
        "papers": _papers(visit) if "approve" in may else [],
        "held": _held(visit) if "release" in may else [],
        "asked": more_time.waiting(visit.workspace) if "extend" in may else [],
        "mails": _mails(visit) if "resolve" in may else [],
        "explained": _explained(visit) if "accept_explanation" in may else [],
        "proposed": _proposed(visit) if "answer_proposal" in may else [],
    }
    periods = list(reversed(opened_periods(visit.workspace, visit.clock)))
    done = KINDS.get(visit.request.query_params.get("xong", ""))
    return visit.show(
        "ban-lam-viec.html.j2",
        "Bàn làm việc",
        may=may,
        **waiting,
        waiting=_count(waiting),
        stopped=visit.house.works.stopped() if "rerun" in may else [],
        published=_published(visit) if "restate" in may else [],
        lately=_lately(visit),
        units=visit.workspace.plan.units,
        periods=periods,
        open_periods=[one for one in periods if visit.clock.now < visit.workspace.schedule(one).close_at],
        done=done.title if done else "",
    )


def _count(waiting: Mapping[str, Any]) -> int:
    """What nobody has decided on yet: refused papers and answered proposals stand there to be looked at."""
    undecided = [one for one in waiting["papers"] if one.is_waiting]
    unanswered = [one for one in waiting["proposed"] if one.state is ProposalState.WAITING]
    return len(undecided) + len(unanswered) + sum(len(waiting[one]) for one in ("held", "asked", "mails", "explained"))


def _papers(visit: Visit) -> list[Paper]:
    """The newest version of every period, where it is not out; without approval asked for, none waits."""
    with reading(visit.workspace.engine) as connection:
        newest = {one.period: one for one in reports.every(connection)}
    shown = (ReportState.AWAITING, ReportState.REFUSED, ReportState.APPROVED, ReportState.SIGNING)
    return [_paper(visit, one) for one in newest.values() if one.state in shown]


def _paper(visit: Visit, one: ReportRecord) -> Paper:
    path = visit.workspace.report_folder(one.period, one.version) / "bao-cao.pdf"
    return Paper(one, links_of(visit, one), pages(path))


def _proposed(visit: Visit) -> list[Followed]:
    """Those beyond a unit's authority that wait, and all that are answered and not done."""
    found = proposals.listed(visit.workspace)
    return [
        one
        for one in found
        if one.state is ProposalState.ANSWERED or (one.state is ProposalState.WAITING and one.is_beyond_authority)
    ]


def _published(visit: Visit) -> list[ReportRecord]:
    with reading(visit.workspace.engine) as connection:
        newest = {one.period: one for one in reports.every(connection)}
    return [one for one in reversed(newest.values()) if one.state is ReportState.PUBLISHED]


def _held(visit: Visit) -> list[HeldFile]:
    found = [one.receipt for one in held_files(visit.workspace)]
    return [HeldFile(one, likely_unit(one) or "", one.said_period or one.period) for one in found]


def _mails(visit: Visit) -> list[tuple[Message, Delivery]]:
    states = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
    with reading(visit.workspace.engine) as connection:
        found = list_messages(connection, states=states)
    return [(message, one) for message in found for one in message.deliveries if one.is_open]


def _explained(visit: Visit) -> list[explanations.Listed]:
    found = explanations.listed(visit.workspace, current_period(visit.workspace, visit.clock))
    return [one for one in found if one.explanation and not one.explanation.accepted_by]


def _lately(visit: Visit) -> Table:
    with reading(visit.workspace.engine) as connection:
        entries = audit.entries(connection)[-_LATELY:] if RecipientRole.COORDINATOR in visit.known.roles else []
    return Table(
        caption="Quyết định gần đây",
        columns=columns("Lúc", "Ai", "Việc", "Về", "Lý do", "Qua", wide=["Lý do"]),
        rows=tuple(
            row(_at(visit, one.at), one.who, one.label, one.subject, one.reason, _CHANNELS.get(one.channel or "", ""))
            for one in reversed(entries)
        ),
        empty="Chưa có quyết định nào.",
    )


def _at(visit: Visit, moment: datetime) -> str:
    return f"{visit.workspace.local(moment):%H:%M %d/%m/%Y}"
