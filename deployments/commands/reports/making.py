"""``baocao report``, ``assignments`` and ``assess``: a period's report, by the very flow that the schedule runs."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from baocao.decisions.signing import CORRECTION, sign
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.render.workshop import faults_in
from baocao.reporting.corrections import ensure_said
from baocao.reporting.preparation import DRAFT_FOLDER
from baocao.reporting.prepared import latest_report
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.errors import UsageError
from baocao.workspace.admission import admit
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.approving import approve_report, refuse_report
from deployments.commands.shared.common import AsOfOption, PeriodOption, login_name
from deployments.commands.shared.unsent import OF_REPORTS, tell_unsent
from deployments.running import run_flow


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
    clock = workspace.clock(as_of)
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
