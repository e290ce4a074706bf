"""Decisions on reports: let out, kept back, corrected."""

from baocao.domain.signature import Channel, Signature
from baocao.reporting import approval
from baocao.reporting.preparation import prepare_report
from baocao.reporting.prepared import latest_report
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.errors import NotDueError
from portal.desk.fields import period_of
from portal.room.visit import Visit


def _record(visit: Visit) -> ReportRecord:
    period = period_of(visit)
    record = latest_report(visit.workspace, period)
    if record is None:
        raise NotDueError(f"Kỳ {period.short} chưa có báo cáo nào.")
    return record


def state(visit: Visit) -> str:
    """How the newest version of the report stands."""
    one = _record(visit)
    return f"{one.version}/{one.state.value}/{one.basis[:16]}/{one.decided_at}"


def _open(visit: Visit) -> ReportRecord:
    """The report, while it has not gone out."""
    one = _record(visit)
    if one.state is ReportState.PUBLISHED:
        raise NotDueError(f"Báo cáo kỳ {one.period.short} (lần {one.version}) đã phát hành; không còn gì để duyệt.")
    return one


def _goes_on(visit: Visit) -> str:
    if visit.house.works.is_there():
        return "Báo cáo được gửi tới mọi nơi nhận ngay sau đó."
    return "Chưa có máy chủ đang chạy: báo cáo được gửi ở lần chạy tới (hoặc khi vận hành chạy “baocao catch-up”)."


def follows_approval(visit: Visit) -> list[str]:
    """What an approval does."""
    one = _open(visit)
    return [
        f"Báo cáo kỳ {one.period.short}, lần {one.version}, được duyệt; tên người duyệt in trong báo cáo và thư.",
        _goes_on(visit),
        "Thư đã gửi thì không thu hồi được; sai thì chỉ có thể đính chính.",
    ]


def approve_report(visit: Visit, signed: Signature) -> None:
    """Let it go out."""
    period = _open(visit).period
    approval.approve(visit.workspace, period, signed.name, visit.clock, Channel.WINDOW)
    visit.house.works.report(period)


def follows_refusal(visit: Visit) -> list[str]:
    """What a refusal does."""
    one = _open(visit)
    return [
        f"Báo cáo kỳ {one.period.short}, lần {one.version}, không được gửi đi.",
        "Cán bộ tổng hợp và vận hành nhận thư nêu lý do; báo cáo được dựng lại khi số liệu thay đổi.",
    ]


def refuse_report(visit: Visit, signed: Signature) -> None:
    """Keep it back."""
    period = _open(visit).period
    approval.refuse(visit.workspace, period, signed.name, signed.reason, visit.clock, Channel.WINDOW)
    visit.house.works.report(period)


def follows_restating(visit: Visit) -> list[str]:
    """What a correction does."""
    one = _record(visit)
    return [
        f"Báo cáo kỳ {one.period.short} được dựng lại từ số liệu đang được tính, thành bản đính chính.",
        "Lý do và bảng số liệu thay đổi được in trong bản đính chính; bản cũ giữ nguyên.",
        _goes_on(visit),
    ]


def restate(visit: Visit, signed: Signature) -> None:
    """Begin a correction; the run that follows makes and mails it."""
    period = period_of(visit)
    prepare_report(visit.workspace, period, visit.clock, is_draft=False, correction=signed)
    visit.house.works.report(period)
