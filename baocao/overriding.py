"""Quyết định của người phụ trách: a verdict or a deadline set by hand, with a name and a reason, told to the unit.

Each is one transaction: the decision, its line in the audit book, and the letter to the unit in the outbox.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.domain.plan import Unit
from baocao.domain.submission import Submission, Verdict
from baocao.domain.wording import moment_text
from baocao.errors import UsageError
from baocao.mail.compose import Outgoing
from baocao.mail.letters import Letter, render_letter
from baocao.mail.outbox import enqueue
from baocao.store import audit, decisions
from baocao.store.database import writing
from baocao.store.submissions import content_of
from baocao.workspace import Workspace

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, why, and when (aware)."""

    name: str
    reason: str
    at: datetime


def sign(name: str, reason: str, clock: Clock) -> Signature:
    """A decision's signature.

    Raises:
        UsageError: nobody answers for the decision: the name or the reason is empty.
    """
    cleaned, why = " ".join(name.split()), reason.strip()
    if not cleaned or not why or len(cleaned) > LONGEST_NAME:
        raise UsageError("Quyết định bằng tay phải có họ tên (--name) và lý do (--reason).")
    return Signature(cleaned, why, clock.now)


def unit_of(workspace: Workspace, code: str) -> Unit:
    """A unit by its code.

    Raises:
        UsageError: the plan has no such unit.
    """
    units = workspace.plan.unit_by_code
    if code not in units:
        raise UsageError(f"Kế hoạch không có đơn vị “{code}”; hãy chọn một trong {', '.join(list(units)[:20])}.")
    return units[code]


def override(
    workspace: Workspace, unit: str, period: Period, version: int, verdict: Verdict, signed: Signature
) -> Submission:
    """Accept a returned version or reject an accepted one; automation never undoes it. Returns it as it was before.

    Raises:
        UsageError: there is no such version, it has that verdict already, or it could not be read at all.
    """
    workspace.schedule(period)
    office = unit_of(workspace, unit)
    with writing(workspace.engine) as connection:
        versions = {one.version: one for one in decisions.versions_of(connection, unit, period, lock=True)}
        before = _overridable(connection, versions, version, verdict, f"{unit} kỳ {period.short}")
        decisions.decide(connection, before, verdict, signed.name, signed.at, signed.reason)
        details = {"from": before.verdict.value, "to": verdict.value, "decided_before_by": before.decided_by}
        number = _note(connection, "override", f"{unit}/{period}/v{version}", period, details, signed)
        letter = _verdict_letter(workspace, office, before, verdict, signed)
        enqueue(connection, [_message(workspace, office, period, number, letter)], workspace.outbox_folder, signed.at)
    return before


def _overridable(
    connection: Connection, versions: dict[int, Submission], version: int, verdict: Verdict, whose: str
) -> Submission:
    if version not in versions:
        sent = ", ".join(map(str, versions)) or "chưa có lần nào"
        raise UsageError(f"Không có lần nộp {version} của {whose}; các lần đã nộp: {sent}.")
    one = versions[version]
    if one.verdict is verdict:
        by = f" theo quyết định của {one.decided_by}" if one.decided_by else ""
        raise UsageError(f"Lần nộp {version} của {whose} đã là “{verdict.label.lower()}”{by}; không có gì để đổi.")
    if verdict is Verdict.ACCEPTED and not any(content_of(connection, one.id).values()):
        raise UsageError(
            f"Lần nộp {version} của {whose} không đọc được số liệu nào, nên không chấp nhận được; "
            "hãy đề nghị đơn vị gửi lại tệp."
        )
    return one


def extend(
    workspace: Workspace, unit: str, period: Period, until: datetime, signed: Signature
) -> list[tuple[Submission, Submission]]:
    """Give one unit more time for one period; ``until`` without a zone is local. Returns what is judged anew.

    Raises:
        UsageError: the new deadline is not after the calendar's.
    """
    office = unit_of(workspace, unit)
    calendar = workspace.schedule(period).submit_before
    local = until.replace(tzinfo=workspace.zone) if until.tzinfo is None else until.astimezone(workspace.zone)
    if local <= calendar:
        raise UsageError(
            f"Hạn mới phải sau hạn theo lịch của kỳ {period.short} (trước {moment_text(calendar)}); đây là gia hạn."
        )
    with writing(workspace.engine) as connection:
        before = decisions.extended_deadlines(connection).get((unit, str(period)), calendar)
        rejudged = decisions.extend(connection, unit, period, local)
        changes = {f"v{new.version}": [old.timeliness.value, new.timeliness.value] for old, new in rejudged}
        details = {"from": workspace.local(before).isoformat(), "to": local.isoformat(), "timeliness": changes}
        number = _note(connection, "extend", f"{unit}/{period}", period, details, signed)
        said = f"Hạn nộp báo cáo kỳ {period.short} của quý cơ quan được gia hạn: nộp trước {moment_text(local)}."
        letter = _letter(workspace, office, f"Gia hạn nộp báo cáo kỳ {period.short}", said, signed)
        enqueue(connection, [_message(workspace, office, period, number, letter)], workspace.outbox_folder, signed.at)
    return rejudged


def _verdict_letter(workspace: Workspace, office: Unit, one: Submission, verdict: Verdict, signed: Signature) -> Letter:
    is_accepted = verdict is Verdict.ACCEPTED
    what = f"kỳ {one.period.short}, {office.name} (lần {one.version})"
    received = moment_text(workspace.local(one.received_at))
    said = f"Báo cáo kỳ {one.period.short} (lần {one.version}) nhận lúc {received} "
    said += (
        "ĐƯỢC CHẤP NHẬN theo quyết định của người phụ trách."
        if is_accepted
        else ("BỊ TRẢ LẠI theo quyết định của người phụ trách. Xin sửa theo lý do nêu dưới đây rồi gửi lại.")
    )
    subject = f"{'Chấp nhận theo quyết định' if is_accepted else 'Trả lại theo quyết định'}: báo cáo {what}"
    return _letter(workspace, office, subject, said, signed)


def _letter(workspace: Workspace, office: Unit, subject: str, said: str, signed: Signature) -> Letter:
    return render_letter(
        "decision",
        subject,
        workspace.plan,
        unit=office,
        said=said,
        who=signed.name,
        reason=signed.reason,
        decided=moment_text(workspace.local(signed.at)),
    )


def _note(
    connection: Connection, action: str, subject: str, period: Period, details: dict[str, Any], signed: Signature
) -> int:
    return audit.record(connection, signed.at, signed.name, action, subject, signed.reason, details, period=period)


def _message(workspace: Workspace, office: Unit, period: Period, number: int, letter: Letter) -> Outgoing:
    return Outgoing(
        plan=workspace.plan.code,
        key=f"decision/{period}/{office.code}/{number}",
        kind="decision",
        period=period,
        unit=office.code,
        sender=workspace.sender,
        recipients=((office.name, office.email),),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
