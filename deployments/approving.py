"""A decision from the command line: noted in the database, and told to the runs that are suspended for it."""

from baocao.domain.planned.period import Period
from baocao.mail.sending.delivery import deliver_all
from baocao.reporting import approval
from baocao.site import build_site
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace
from deployments.environment import find_server, prepare_prefect


def approve_report(workspace: Workspace, period: Period, name: str, clock: Clock) -> None:
    """Note the approval and let suspended runs of this period go on; they find nothing left to do.

    Raises:
        UsageError: the name is empty.
    """
    approval.approve(workspace, period, name, clock)
    _wake(workspace)


def refuse_report(workspace: Workspace, period: Period, name: str, reason: str, clock: Clock) -> None:
    """Note the refusal with its reason, tell those who must act, and end the suspended runs of this period.

    Raises:
        UsageError: the name or the reason is empty.
        OutsideServiceError: the mail server cannot be reached; the refusal is noted, its mail waits.
    """
    approval.refuse(workspace, period, name, reason, clock)
    _wake(workspace)
    print(f"Đã ghi: {name.strip()} không duyệt báo cáo kỳ {period.short}. Báo cáo sẽ không được gửi đi.")
    build_site(workspace, clock)
    deliver_all(workspace, clock)


def _wake(workspace: Workspace) -> None:
    if not find_server(workspace.home):
        return
    prepare_prefect(workspace.settings)
    from tasks.approval import wake_decided  # noqa: PLC0415 - Prefect reads its settings when it is imported

    wake_decided.fn()
