"""Decisions on what units sent: held files, verdicts, explanations, the codes of their forms."""

from baocao.decisions import explanations, overrides, quarantine
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Submission, Verdict
from baocao.domain.signature import Signature
from baocao.reminders.code_renewal import renew_code
from baocao.reporting.prepared import latest_report
from baocao.store import codes, decisions, receipts
from baocao.store.engine.database import reading
from baocao.store.reports import ReportState
from baocao.system.errors import UsageError
from portal.desk.fields import number as number_of
from portal.desk.fields import of_unit, period_of
from portal.room.visit import Visit


def held_state(visit: Visit) -> str:
    """How a held file stands."""
    with reading(visit.workspace.engine) as connection:
        one = receipts.shown(connection, number_of(visit, "number"))
    return f"{one.id}/{one.state.value}/{one.note}" if one else ""


def follows_release(visit: Visit) -> list[str]:
    """What letting a file out does."""
    unit, period = of_unit(visit)
    aside = ["Tệp ghi đơn vị hoặc kỳ khác; điều này được ghi vào nhật ký."] if visit.text("despite_content") else []
    return [
        f"Tệp số {number_of(visit, 'number')} được kiểm tra như báo cáo của {unit}, kỳ {period.short}.",
        "Thời điểm nhận vẫn là lúc tệp đến. Đơn vị nhận thư trả lời như với mọi báo cáo.",
        *aside,
    ]


def release(visit: Visit, signed: Signature) -> None:
    """Let a file out of the quarantine."""
    unit, period = of_unit(visit)
    despite = bool(visit.text("despite_content"))
    number = number_of(visit, "number")
    one = quarantine.release(visit.workspace, number, signed, unit=unit, period=period, despite_content=despite)
    visit.house.works.collect(one.name)


def _version(visit: Visit) -> Submission:
    unit, period = of_unit(visit)
    with reading(visit.workspace.engine) as connection:
        found = {one.version: one for one in decisions.versions_of(connection, unit, period)}
    number = number_of(visit, "version")
    if number not in found:
        raise UsageError(f"Không có lần nộp {number} của {unit} kỳ {period.short}.")
    return found[number]


def version_state(visit: Visit) -> str:
    """How a version was judged."""
    one = _version(visit)
    return f"{one.id}/{one.verdict.value}/{one.decided_at}"


def _verdict(visit: Visit) -> Verdict:
    allowed = {one.value: one for one in (Verdict.ACCEPTED, Verdict.REJECTED)}
    if visit.text("verdict") not in allowed:
        raise UsageError("Hãy chọn “chấp nhận” hoặc “trả lại”.")
    return allowed[visit.text("verdict")]


def follows_override(visit: Visit) -> list[str]:
    """What another verdict does."""
    one, verdict = _version(visit), _verdict(visit)
    return [
        f"Lần nộp {one.version} của {one.unit}, kỳ {one.period.short}: {one.verdict.label} → {verdict.label}.",
        "Đơn vị nhận thư nêu tên và lý do. Máy không tự đổi lại quyết định này.",
        *_of_published(visit, one.period),
    ]


def _of_published(visit: Visit, period: Period) -> list[str]:
    record = latest_report(visit.workspace, period)
    if record is None or record.state is not ReportState.PUBLISHED:
        return []
    return [f"Báo cáo kỳ {period.short} đã phát hành; muốn thay số liệu trong đó, sau bước này hãy chọn “Đính chính”."]


def override(visit: Visit, signed: Signature) -> None:
    """Accept what was returned, or return what was accepted."""
    unit, period = of_unit(visit)
    overrides.override(visit.workspace, unit, period, number_of(visit, "version"), _verdict(visit), signed)


def _explained(visit: Visit) -> explanations.Listed:
    number, period = visit.text("number"), period_of(visit)
    found = explanations.listed(visit.workspace, period)
    one = next((one for one in found if one.number == number), None)
    if one is None:
        raise UsageError(f"Không có mục “{number}” ở lần nộp cuối. Hãy mở lại bàn làm việc.")
    return one


def explanation_state(visit: Visit) -> str:
    """What was explained, and whether it was accepted."""
    one = _explained(visit)
    told = one.explanation
    return f"{one.number}/{told.text}/{told.accepted_by}" if told else one.number


def follows_acceptance(visit: Visit) -> list[str]:
    """What accepting an explanation does."""
    one = _explained(visit)
    return [
        f"Cảnh báo {one.number} được coi là đã giải trình, và nêu trong báo cáo cùng lời giải trình.",
        "Các kỳ sau không nêu lại, đến khi giá trị thay đổi.",
    ]


def accept_explanation(visit: Visit, signed: Signature) -> None:
    """Close a warning that was explained."""
    explanations.accept(visit.workspace, period_of(visit), visit.text("number"), signed)


def code_state(visit: Visit) -> str:
    """How often the code of a unit's form was given anew."""
    unit, period = of_unit(visit)
    with reading(visit.workspace.engine) as connection:
        return f"{unit}/{period}/{codes.renewals(connection, unit, period)}"


def follows_renewal(visit: Visit) -> list[str]:
    """What a new code does."""
    unit, period = of_unit(visit)
    return [
        f"Mã nộp của {unit}, kỳ {period.short}, hết hiệu lực; đơn vị nhận thư kèm biểu mẫu mang mã mới.",
        "Tệp mang mã cũ vẫn được nhận qua thư mục, qua trang này và từ địa chỉ thư đã đăng ký.",
    ]


def renew(visit: Visit, signed: Signature) -> None:
    """Make a code void that others may have read."""
    unit, period = of_unit(visit)
    renew_code(visit.workspace, unit, period, signed)
