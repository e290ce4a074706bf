"""``baocao collect``, ``report`` and ``demo``: the monthly cycle, by the very flows that the schedule runs."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from baocao.decisions.signing import CORRECTION, sign
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import due
from baocao.render.workshop import faults_in
from baocao.reporting.corrections import ensure_said
from baocao.reporting.preparation import DRAFT_FOLDER
from baocao.reporting.prepared import latest_report
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import summarize
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.clock import read_clock
from baocao.system.errors import UsageError
from baocao.workspace.admission import admit, last_opened
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.approving import approve_report, refuse_report
from deployments.commands.board import print_status
from deployments.commands.shared.common import AsOfOption, MaybePeriodOption, PeriodOption, login_name
from deployments.commands.shared.unsent import OF_REPORTS, tell_unsent
from deployments.replay import replay
from deployments.running import run_flow


def collect(period: MaybePeriodOption = None, as_of: AsOfOption = None) -> None:
    """Tiếp nhận mọi tệp đang chờ của các kỳ đã mở, kiểm tra, lưu và trả lời."""
    workspace = open_workspace()
    clock = read_clock(as_of, workspace.zone)
    shown = admit(workspace, Job.COLLECT, period or last_opened(workspace, clock), clock)
    run_flow("collect", period=str(period) if period else None, as_of=as_of)
    print_status(workspace, shown, read_clock(as_of, workspace.zone))
    tell_unsent(workspace, period)


def report(
    period: PeriodOption,
    as_of: AsOfOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="Bản dự thảo: không đánh số, không gửi thư.")] = False,
    approve: Annotated[str | None, typer.Option("--approve", help="Họ tên người duyệt; báo cáo được gửi đi.")] = None,
    refuse: Annotated[str | None, typer.Option("--refuse", help="Họ tên người không duyệt; kèm --reason.")] = None,
    restate: Annotated[bool, typer.Option("--restate", help="Đính chính báo cáo đã phát hành; kèm --reason.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Lý do không duyệt, hoặc lý do đính chính.")] = "",
) -> int:
    """Tổng hợp số liệu của kỳ, dựng báo cáo và gửi đi."""
    workspace = open_workspace()
    clock = read_clock(as_of, workspace.zone)
    admit(workspace, Job.REPORT, period, clock, is_draft=draft)
    if draft:
        run_flow("report", period=str(period), as_of=as_of, is_draft=True)
        folder = workspace.home / "reports" / str(period) / DRAFT_FOLDER
        print(f"Bản dự thảo báo cáo kỳ {period.short}: {folder}")
        _tell_faults(folder)
        return 0
    if refuse is not None:
        refuse_report(workspace, period, refuse, reason, clock)
        return tell_unsent(workspace, period, OF_REPORTS)
    if approve is not None:
        approve_report(workspace, period, approve, clock)
    by = login_name()
    ensure_said(workspace, period, sign(by, reason, clock, demand=CORRECTION) if restate else None)
    before = latest_report(workspace, period)
    run_flow("report", period=str(period), as_of=as_of, is_restatement=restate, reason=reason.strip(), by=by)
    _tell_report(workspace, period, before)
    return tell_unsent(workspace, period, OF_REPORTS)


def _tell_report(workspace: Workspace, period: Period, before: ReportRecord | None) -> None:
    after = latest_report(workspace, period)
    if after is None:
        return
    folder = workspace.report_folder(period, after.version)
    if after.state is not ReportState.PUBLISHED:
        print(f"Báo cáo kỳ {period.short}, lần {after.version}: {after.state.label}; xem {folder}")
        if after.state is ReportState.AWAITING:
            decided = f"baocao report --period {period} --approve “Họ tên” (hoặc --refuse “Họ tên” --reason “Lý do”)"
            print(f"Người duyệt đã nhận thư trình. Ghi thay ý kiến đã có: {decided}")
        if after.state is ReportState.SIGNING:
            print(f"Ký số xong thì: baocao report release --period {period} --file TỆP --number SỐ --date NGÀY")
        if after.state is ReportState.REFUSED:
            print(f"{after.decided_by} không duyệt: {after.decision_reason}. Sửa số liệu rồi chạy lại.")
    elif before == after:
        print(f"Số liệu kỳ {period.short} không đổi từ báo cáo lần {after.version}; không dựng và không gửi lại.")
    else:
        print(f"Đã phát hành báo cáo kỳ {period.short}, lần {after.version}: {folder}")
    _tell_faults(folder)


def _tell_faults(folder: Path) -> None:
    for fault in faults_in(folder):
        print(f"Không dựng được tệp {fault}. Các tệp khác vẫn đủ; hãy báo người bảo trì.", file=sys.stderr)


def send_templates(period: PeriodOption, as_of: AsOfOption = None) -> None:
    """Gửi cho mỗi đơn vị biểu mẫu đã điền sẵn của kỳ."""
    _mail_once(Job.SEND_TEMPLATES, period, as_of)


def remind(period: PeriodOption, as_of: AsOfOption = None) -> None:
    """Nhắc các đơn vị chưa có báo cáo được chấp nhận."""
    _mail_once(Job.REMIND, period, as_of)


def escalate(period: PeriodOption, as_of: AsOfOption = None) -> None:
    """Khi khóa sổ, báo cán bộ tổng hợp các đơn vị chưa có báo cáo."""
    _mail_once(Job.ESCALATE, period, as_of)


def _mail_once(job: Job, period: Period, as_of: datetime | None) -> None:
    workspace = open_workspace()
    admit(workspace, job, period, read_clock(as_of, workspace.zone))
    with reading(workspace.engine) as connection:
        before = summarize(connection, period)
    run_flow(job.value, period=str(period), as_of=as_of)
    with reading(workspace.engine) as connection:
        after = summarize(connection, period)
    sent, waiting = after.sent - before.sent, after.pending + after.deferred
    done = "ghi ra tệp" if after.filed > before.filed else "gửi"
    print(f"Kỳ {period.short}: đã {done} {sent} thư mới" + (f", {waiting} thư còn chờ gửi." if waiting else "."))
    tell_unsent(workspace, period)


def assignments(as_of: AsOfOption = None) -> int:
    """Báo cáo phân công nhiệm vụ và dự toán kinh phí."""
    return _report_of(FormKind.ASSIGNMENT, as_of)


def assess(as_of: AsOfOption = None) -> int:
    """Báo cáo tổng kết, đánh giá."""
    return _report_of(FormKind.FINAL, as_of)


def _report_of(kind: FormKind, as_of: datetime | None) -> int:
    plan = open_workspace().plan
    periods = [period for period in plan.periods if plan.form_of(period).kind is kind]
    if not periods:
        raise UsageError(f"Kế hoạch “{plan.code}” không có kỳ nào thuộc loại báo cáo này.")
    return max([report(period, as_of) for period in periods])


def catch_up(as_of: AsOfOption = None) -> None:
    """Làm bù mọi việc đã đến hạn mà chưa làm."""
    workspace = open_workspace()
    run_flow("catch_up", as_of=as_of)
    tell_unsent(workspace, None)
    left = due(workspace, read_clock(as_of, workspace.zone))
    print("Không còn việc nào đến hạn." if not left else f"Còn {len(left)} việc đến hạn chưa xong; xem baocao status.")


def demo(
    out: Annotated[Path | None, typer.Option("--out", help="Thư mục dữ liệu; mặc định là BAOCAO_HOME/demo.")] = None,
) -> None:
    """Chạy thử trọn kế hoạch trên số liệu mô phỏng, theo đồng hồ giả lập, với máy chủ thư thật trên máy này."""
    replay(out)
