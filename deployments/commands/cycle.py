"""``baocao collect``, ``remind``, ``catch-up``…: the monthly cycle, by the very flows that the schedule runs."""

from datetime import datetime

from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import due
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import summarize
from baocao.workspace.admission import admit, last_opened
from baocao.workspace.workspace import open_workspace
from deployments.commands.board import print_status
from deployments.commands.shared.common import AsOfOption, MaybePeriodOption, PeriodOption
from deployments.commands.shared.unsent import tell_unsent
from deployments.running import run_flow


def collect(period: MaybePeriodOption = None, as_of: AsOfOption = None) -> None:
    """Tiếp nhận mọi tệp đang chờ của các kỳ đã mở, kiểm tra, lưu và trả lời."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    shown = admit(workspace, Job.COLLECT, period or last_opened(workspace, clock), clock)
    run_flow("collect", period=str(period) if period else None, as_of=as_of)
    print_status(workspace, shown, workspace.clock(as_of))
    tell_unsent(workspace, period)


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
    admit(workspace, job, period, workspace.clock(as_of))
    with reading(workspace.engine) as connection:
        before = summarize(connection, period)
    run_flow(job.value, period=str(period), as_of=as_of)
    with reading(workspace.engine) as connection:
        after = summarize(connection, period)
    sent, waiting = after.sent - before.sent, after.pending + after.deferred
    done = "ghi ra tệp" if after.filed > before.filed else "gửi"
    print(f"Kỳ {period.short}: đã {done} {sent} thư mới" + (f", {waiting} thư còn chờ gửi." if waiting else "."))
    tell_unsent(workspace, period)


def catch_up(as_of: AsOfOption = None) -> None:
    """Làm bù mọi việc đã đến hạn mà chưa làm."""
    workspace = open_workspace()
    run_flow("catch_up", as_of=as_of)
    tell_unsent(workspace, None)
    left = due(workspace, workspace.clock(as_of))
    print("Không còn việc nào đến hạn." if not left else f"Còn {len(left)} việc đến hạn chưa xong; xem baocao status.")
