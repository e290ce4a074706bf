"""Duyệt: ask the approver, note the decision."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao import approval
from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.reporting import Prepared
from baocao.workspace import open_workspace
from tasks.deliver import deliver


@task(name="Xem có phải chờ duyệt", cache_policy=NO_CACHE)
def waits_for_approval(prepared: Prepared) -> bool:
    """Whether this report must wait for a person's decision."""
    return approval.is_waiting(open_workspace(), prepared)


@task(name="Trình duyệt", cache_policy=NO_CACHE)
def ask_approver(prepared: Prepared, clock: Clock) -> None:
    """Send the draft to the approver."""
    approval.ask(open_workspace(), prepared, clock)
    deliver.fn(clock)


@task(name="Ghi quyết định", cache_policy=NO_CACHE)
def note_decision(period: Period, name: str, reason: str, clock: Clock, *, is_approved: bool) -> None:
    """Keep who decided what, and when."""
    workspace = open_workspace()
    if is_approved:
        approval.approve(workspace, period, name, clock)
    else:
        approval.refuse(workspace, period, name, reason, clock)
