"""Quyết định của người phụ trách: a verdict or a deadline set by hand, with a name and a reason, told to the unit.

Each is one transaction: the decision, its line in the audit book, and the letter to the unit in the outbox.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Submission, Verdict
from baocao.domain.reported.progress import is_impossible
from baocao.domain.signature import Signature
from baocao.domain.wording import moment_text
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.outbox import enqueue
from baocao.store import audit, decisions
from baocao.store.engine.database import writing
from baocao.store.engine.names import Connection
from baocao.store.submissions import content_of, findings_of
from baocao.system.clock import in_zone
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace


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
    workspace: Workspace,
    unit: str,
    period: Period,
    version: int,
    verdict: Verdict,
    signed: Signature,
    rules: Collection[str] = (),
) -> Submission:
    """Accept a returned version or reject an accepted one; automation never undoes it. Returns it as it was before.

    Accepting sets aside the rules that returned it: those that the person names with ``rules``, which must be all of
    them; else all. They stand in the audit book and in the letter. Figures that cannot be (120 of 100) stay out of all
    sums all the same.

    Raises:
        UsageError: there is no such version, it has that verdict already, it could not be read at all, or a rule that
            returned it is not named.
    """
    workspace.schedule(period)
    office = unit_of(workspace, unit)
    with writing(workspace.engine) as connection:
        versions = {one.version: one for one in decisions.versions_of(connection, unit, period, lock=True)}
        before = _overridable(connection, versions, version, verdict, f"{unit} kỳ {period.short}")
        decisions.decide(connection, before, verdict, signed.name, signed.at, signed.reason)
        aside = _set_aside(connection, before, verdict, rules)
        details: dict[str, Any] = {
            "from": before.verdict.value,
            "to": verdict.value,
            "decided_before_by": before.decided_by,
        }
        details |= {"rules_set_aside": aside} if aside else {}
        number = audit.record(connection, signed, "override", f"{unit}/{period}/v{version}", details, period=period)
        left_out = _left_out(connection, workspace.plan, before, aside)
        letter = _verdict_letter(workspace, office, before, verdict, signed, left_out)
        tell_unit(connection, workspace, office, period, number, letter, signed.at)
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


def _set_aside(connection: Connection, one: Submission, verdict: Verdict, named: Collection[str]) -> dict[str, int]:
    """The rules that a decision sets aside, with how many findings each has."""
    if verdict is not Verdict.ACCEPTED:
        return {}
    found = findings_of(connection, [one.id]).get(one.id, [])
    counts = Counter(finding.rule for finding in found if finding.severity is Severity.CRITICAL)
    if named and (missing := sorted(set(counts) - set(named))):
        raise UsageError(
            f"Lần nộp {one.version} còn bị trả lại vì {', '.join(missing)}; hãy nêu cả các quy tắc này bằng --rule, "
            "hoặc đề nghị đơn vị sửa."
        )
    if named and (unknown := sorted(set(named) - set(counts))):
        raise UsageError(f"Lần nộp {one.version} không bị trả lại vì {', '.join(unknown)}; hãy bỏ khỏi --rule.")
    return dict(sorted(counts.items()))


def _left_out(connection: Connection, plan: Plan, one: Submission, aside: Mapping[str, int]) -> str:
    """What the unit is told about the rules set aside, and about figures that stay out of the sums; mostly empty."""
    if not aside:
        return ""
    rows = content_of(connection, one.id).get("figures", [])
    codes = [
        row["code"]
        for row in rows
        if is_impossible(row["numerator"], row["denominator"], is_bounded=row["code"] not in plan.unbounded)
    ]
    said = f" Các quy tắc được bỏ qua: {', '.join(f'{rule} ({count})' for rule, count in aside.items())}."
    if codes:
        said += f" Số liệu không thể có của {', '.join(codes)} không được cộng vào số liệu chung đến khi đơn vị sửa."
    return said


def extend(
    workspace: Workspace, unit: str, period: Period, until: datetime, signed: Signature
) -> list[tuple[Submission, Submission]]:
    """Give one unit more time for one period; ``until`` without a zone is local. Returns what is judged anew.

    Raises:
        UsageError: the new deadline is not after the one in force: an extension never takes time away.
    """
    office = unit_of(workspace, unit)
    calendar = workspace.schedule(period).submit_before
    local = in_zone(until, workspace.zone)
    if local <= calendar:
        raise UsageError(
            f"Hạn mới phải sau hạn theo lịch của kỳ {period.short} (trước {moment_text(calendar)}); đây là gia hạn."
        )
    with writing(workspace.engine) as connection:
        before = decisions.extended_deadlines(connection).get((unit, str(period)), calendar)
        if local <= before:
            raise UsageError(
                f"{unit} đã được gia hạn kỳ {period.short} đến trước {moment_text(workspace.local(before))}; "
                "gia hạn không rút ngắn hạn đã cho, hãy nêu hạn muộn hơn."
            )
        rejudged = decisions.extend(connection, unit, period, local)
        changes = {f"v{new.version}": [old.timeliness.value, new.timeliness.value] for old, new in rejudged}
        details = {"from": workspace.local(before).isoformat(), "to": local.isoformat(), "timeliness": changes}
        number = audit.record(connection, signed, "extend", f"{unit}/{period}", details, period=period)
        said = f"Hạn nộp báo cáo kỳ {period.short} của quý cơ quan được gia hạn: nộp trước {moment_text(local)}."
        letter = decision_letter(workspace, office, f"Gia hạn nộp báo cáo kỳ {period.short}", said, signed)
        tell_unit(connection, workspace, office, period, number, letter, signed.at)
    return rejudged


def _verdict_letter(
    workspace: Workspace, office: Unit, one: Submission, verdict: Verdict, signed: Signature, more: str
) -> Letter:
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
    return decision_letter(workspace, office, subject, said + more, signed)


def decision_letter(workspace: Workspace, office: Unit, subject: str, said: str, signed: Signature) -> Letter:
    """To a unit: what was decided on it, by whom, when and why; ``said`` is Vietnamese sentences."""
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


def tell_unit(
    connection: Connection,
    workspace: Workspace,
    office: Unit,
    period: Period,
    number: int,
    letter: Letter,
    at: datetime,
) -> None:
    """Write a unit's letter on a decision into the outbox; ``number`` is that of its line in the audit book."""
    key = f"decision/{period}/{office.code}/{number}"
    message = letter_to(workspace, [office], key, letter, period=period, unit=office.code)
    enqueue(connection, [message], workspace.outbox_folder, at)
