"""What ``serve`` does once Prefect may be imported: every deployment on the plan's calendar, and Prefect's runner."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import Event, Thread

from httpx import TransportError
from prefect import serve as serve_deployments
from prefect.client.orchestration import get_client

from baocao.system.clock import now
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace
from deployments.serving.gone import Watch, watch_runs
from deployments.serving.keeping import FORK_SERVER, WATCH, WINDOW, is_shut_in, kept
from deployments.serving.registry import deployments_of, drop_former
from deployments.serving.schedules import upcoming_events

SHOWN_RUNS = 10


def serve_flows(workspace: Workspace, *, is_own: bool) -> None:
    """Register every flow and run what is due, until told to end. ``is_own``: the server is our child.

    Raises:
        OutsideServiceError: the server went away.
    """
    begun = now()
    _announce(workspace, begun)
    deployments = deployments_of(workspace, begun)
    try:
        with _watched(begun, is_own=is_own), _beside(workspace):
            drop_former(workspace)
            serve_deployments(
                *deployments,
                pause_on_shutdown=False,
                print_starting_message=False,
                limit=max(2, workspace.settings.workers),
            )
    except Exception as error:
        if not _is_lost_server(error):
            raise
        address = os.environ["PREFECT_API_URL"]
        remedy = "hãy" if is_own else f"hãy khởi động máy chủ ở PREFECT_API_URL={address}, hoặc bỏ biến đó, rồi"
        raise OutsideServiceError(
            f"Đã dừng vì không liên lạc được máy chủ Prefect. Dữ liệu vẫn nguyên; {remedy} chạy lại baocao serve, "
            "việc đến hạn được tự làm bù."
        ) from error


@contextmanager
def _beside(workspace: Workspace) -> Iterator[None]:
    """The watch and the window, where they are not switched off, and what runs commands at once, where it can."""
    settings = workspace.settings
    wanted = ((WATCH, settings.watch != "off"), (WINDOW, settings.portal_port != 0), (FORK_SERVER, not is_shut_in()))
    with ExitStack() as stack:
        for one, is_on in wanted:
            if is_on:
                stack.enter_context(kept(workspace.home, one))
        yield


@contextmanager
def _watched(since: datetime, *, is_own: bool) -> Iterator[None]:
    """Look after runs whose process is gone: of an earlier ``serve`` before the first run starts, then all the time."""
    watch, leaving = Watch(is_own=is_own, since=since), Event()
    with get_client(sync_client=True) as client:
        gone = watch.look(client)
    Thread(target=watch_runs, args=(watch, gone, leaving), name="gone-runs", daemon=True).start()
    try:
        yield
    finally:
        leaving.set()


def _is_lost_server(error: Exception) -> bool:
    """Whether all that failed is the connection to Prefect's server."""
    if isinstance(error, ExceptionGroup):
        return all(_is_lost_server(one) for one in error.exceptions)
    return isinstance(error, TransportError)


def _announce(workspace: Workspace, at: datetime) -> None:
    address = os.environ["PREFECT_API_URL"].removesuffix("/api")
    print(f"Trang theo dõi: {address}", flush=True)
    events = upcoming_events(workspace, at)
    if not events:
        print(f"Mọi ngày của kế hoạch “{workspace.plan.code}” đã qua; không còn lần chạy nào theo lịch.")
        print("Các luồng vẫn phục vụ để chạy lại bằng tay.")
        print("Tạo kế hoạch với ngày mới: baocao plan new --from KẾ-HOẠCH --start NĂM-THÁNG", flush=True)
        return
    print(f"{SHOWN_RUNS} lần chạy tới:")
    for event in events[:SHOWN_RUNS]:
        print(f"  {event.at:%d/%m/%Y %H:%M}  {event.job.label} kỳ {event.period.short}", flush=True)
