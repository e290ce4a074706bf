"""Xin gia hạn: a unit asks for more time; an extension answers it, or a word that there is none.

Requests and their answers stand in the audit book alone: open is what was asked for and not answered since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baocao.decisions.overrides import decision_letter, tell_unit, unit_of
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.planned.unit import Unit
from baocao.domain.signature import Demand, Signature
from baocao.domain.wording import moment_text
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.store import audit, decisions
from baocao.store.audit import AuditEntry
from baocao.store.engine.database import reading, writing
from baocao.system.clock import in_zone
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

ASKING = Demand("Xin gia hạn phải có họ tên.", "Xin gia hạn phải nêu lý do.")
MOST = 10
"""Requests of a unit for one period: nobody fills the audit book with them."""

_ANSWERS = frozenset({"extend", "decline_extension"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits. ``until`` and ``at`` are aware, in the plan's zone."""

    number: int
    unit: str
    period: Period
    until: datetime
    who: str
    reason: str
    at: datetime


def waiting(workspace: Workspace) -> list[Asked]:
    """Every request that nobody has answered, the oldest first."""
    with reading(workspace.engine) as connection:
        return _open(workspace, audit.entries(connection))


def _open(workspace: Workspace, entries: Sequence[AuditEntry]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for one in entries:
        if one.action in _ANSWERS:
            found.pop(one.subject, None)
        elif one.action == "ask_extension":
            unit, _, period = one.subject.rpartition("/")
            until = workspace.local(datetime.fromisoformat(one.details["until"]))
            at = workspace.local(one.at)
            found[one.subject] = Asked(one.id, unit, Period.parse(period), until, one.who, one.reason, at)
    return list(found.values())


def ask(workspace: Workspace, unit: str, period: Period, until: datetime, signed: Signature) -> None:
    """Keep a request and tell the coordinators; ``until`` without a zone is local.

    While one is open, another for the same period takes its place without a second mail.

    Raises:
        UsageError: the plan has no such unit or period, that much time is given already, or it was asked too often.
    """
    office = unit_of(workspace, unit)
    calendar = workspace.schedule(period).submit_before
    local = in_zone(until, workspace.zone)
    with writing(workspace.engine) as connection:
        given = workspace.local(decisions.extended_deadlines(connection).get((unit, str(period)), calendar))
        if local <= given:
            raise UsageError(
                f"Hạn nộp kỳ {period.short} đang là trước {moment_text(given)}; hãy xin một thời điểm muộn hơn."
            )
        entries = audit.entries(connection, period)
        _ensure_few(entries, f"{unit}/{period}")
        before = [one for one in _open(workspace, entries) if one.unit == unit]
        if [(one.until, one.reason) for one in before] == [(local, signed.reason)]:
            return
        details = {"until": local.isoformat()}
        number = audit.record(connection, signed, "ask_extension", f"{unit}/{period}", details, period=period)
        letters = [] if before else _request(workspace, office, period, local, signed, number)
        enqueue(connection, letters, workspace.outbox_folder, signed.at)


def _ensure_few(entries: Sequence[AuditEntry], subject: str) -> None:
    if sum((one.action, one.subject) == ("ask_extension", subject) for one in entries) >= MOST:
        raise UsageError(f"Đã xin gia hạn {MOST} lần cho kỳ này; xin gọi điện cho cán bộ tổng hợp.")


def _request(
    workspace: Workspace, office: Unit, period: Period, until: datetime, signed: Signature, number: int
) -> list[Outgoing]:
    people = workspace.plan.recipients_of(RecipientRole.COORDINATOR)
    if not people:
        return []
    letter = render_letter(
        "more_time",
        f"Xin gia hạn báo cáo kỳ {period.short}: {office.name}",
        workspace.plan,
        unit=office,
        period=period,
        until=moment_text(until),
        who=signed.name,
        reason=signed.reason,
    )
    key = f"more-time/{period}/{office.code}/{number}"
    return [letter_to(workspace, people, key, letter, period=period, unit=office.code)]


def decline(workspace: Workspace, unit: str, period: Period, signed: Signature) -> None:
    """Answer a request with no; the unit is told the reason, and that a late report is still taken.

    Raises:
        UsageError: nothing waits for an answer there.
    """
    office = unit_of(workspace, unit)
    with writing(workspace.engine) as connection:
        found = _open(workspace, audit.entries(connection, period))
        asked = next((one for one in found if one.unit == unit), None)
        if asked is None:
            raise UsageError(f"Không có yêu cầu gia hạn nào của {unit} kỳ {period.short} đang chờ trả lời.")
        details = {"until": asked.until.isoformat()}
        subject = f"{unit}/{period}"
        number = audit.record(connection, signed, "decline_extension", subject, details, period=period)
        said = (
            f"Hạn nộp báo cáo kỳ {period.short} giữ nguyên, không gia hạn đến {moment_text(asked.until)}. "
            "Báo cáo nộp muộn vẫn được nhận và ghi là quá hạn."
        )
        letter = decision_letter(workspace, office, f"Không gia hạn báo cáo kỳ {period.short}", said, signed)
        tell_unit(connection, workspace, office, period, number, letter, signed.at)
