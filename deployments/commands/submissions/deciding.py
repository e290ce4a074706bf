"""Decisions of people: ``baocao submission override`` and ``extend``."""

from datetime import datetime
from typing import Annotated

import typer

from baocao.decisions.overrides import extend as give_time
from baocao.decisions.overrides import override as decide
from baocao.decisions.signing import sign
from baocao.decisions.versions import list_versions
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Verdict
from baocao.reporting.prepared import latest_report
from baocao.site import build_site
from baocao.store.reports import ReportState
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.commands.shared.common import (
    AsOfOption,
    PeriodOption,
    parse_moment,
)
from deployments.commands.submissions.versions import UnitArgument

VERDICTS = ("accepted", "rejected")
NameOption = Annotated[str, typer.Option("--name", help="Họ tên người quyết định.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do; được lưu vào nhật ký và báo cho đơn vị.")]


def override(
    unit: UnitArgument,
    period: PeriodOption,
    version: Annotated[int, typer.Option("--version", help="Lần nộp.")],
    verdict: Annotated[str, typer.Option("--verdict", help="accepted (chấp nhận) hoặc rejected (trả lại).")],
    name: NameOption,
    reason: ReasonOption,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rule", help="Quy tắc được bỏ qua khi chấp nhận; ghi nhiều lần; bỏ trống là mọi quy tắc đã báo."
        ),
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Chấp nhận một lần nộp đã trả lại, hoặc trả lại một lần đã chấp nhận; máy không đổi lại quyết định này."""
    if verdict not in VERDICTS:
        raise typer.BadParameter(f"--verdict: “{verdict}” không có; hãy chọn một trong {', '.join(VERDICTS)}")
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    before = decide(workspace, unit, period, version, Verdict(verdict), sign(name, reason, clock), rules or ())
    print(f"{unit}, kỳ {period.short}, lần {version}: {before.verdict.label} → {Verdict(verdict).label}.")
    _tell_effect(workspace, unit, period)
    build_site(workspace, clock)


def extend(
    unit: UnitArgument,
    period: PeriodOption,
    until: Annotated[
        datetime, typer.Option("--until", help="Hạn mới (giờ địa phương), ví dụ 2022-10-21T17:00.", parser=parse_moment)
    ],
    name: NameOption,
    reason: ReasonOption,
    as_of: AsOfOption = None,
) -> None:
    """Gia hạn cho một đơn vị trong một kỳ: nộp trước hạn mới là đúng hạn."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    rejudged = give_time(workspace, unit, period, until, sign(name, reason, clock))
    print(f"{unit}, kỳ {period.short}: hạn mới là trước {until:%H:%M ngày %d/%m/%Y}.")
    for old, new in rejudged:
        print(f"Lần {new.version}: {old.timeliness.label} → {new.timeliness.label}.")
    _tell_effect(workspace, unit, period)
    build_site(workspace, clock)


def _tell_effect(workspace: Workspace, unit: str, period: Period) -> None:
    """What counts now, and what the operator has still to do."""
    listed = [one for one in list_versions(workspace, period) if one.submission.unit == unit]
    effective = next((one.submission for one in listed if one.is_effective), None)
    if effective is not None:
        print(f"Đang có hiệu lực: lần {effective.version}, {effective.timeliness.label.lower()}.")
    else:
        print("Hiện không có lần nộp nào có hiệu lực.")
    print("Thư báo cho đơn vị đã vào sổ thư đi, gửi ở lần chạy tới (hoặc ngay: baocao catch-up).")
    record = latest_report(workspace, period)
    if record is not None and record.state is ReportState.PUBLISHED:
        command = f"baocao report --period {period} --restate --reason “…”"
        print(f"Báo cáo kỳ {period.short} đã phát hành (lần {record.version}); để đính chính: {command}")
