"""Tóm tắt vận hành: once a day, what waits for a person; nothing where nothing does."""

from prefect import flow

from baocao.workspace.workspace import open_workspace
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, described
from tasks.deliver import deliver
from tasks.digest import queue_day


@flow(
    name="tom-tat-van-hanh",
    description="Gửi cán bộ vận hành danh sách việc cần xem trong ngày; không có gì thì không gửi.",
    flow_run_name="Tóm tắt vận hành",
    timeout_seconds=1800,
    **HOOKS,
)
@described
def digest(as_of: AsOfParameter = None) -> None:
    """Mail the operators what waits for a person."""
    clock = open_workspace().clock(as_of)
    queue_day(clock)
    deliver(clock)
