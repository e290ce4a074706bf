"""One machine: Prefect's server, every deployment on the plan's calendar, and the runner, in one command."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from baocao.store.engine.address import sqlite_address
from baocao.system import lease
from baocao.system.clock import now as real_now
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.last_plan import remember_plan
from baocao.workspace.serving import LOCK, read_serving
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.environment import prepare_prefect
from deployments.serving.server import Server

SHOWN_RUNS = 10


def serve() -> None:
    """Serve until SIGTERM or Ctrl-C; leaves no process behind.

    Raises:
        UsageError: the server would be reachable from outside without a password; its port is taken; or another
            ``serve`` works in this home.
        OutsideServiceError: the server does not come up, or does not stay up.
    """
    signal.signal(signal.SIGTERM, _leave)  # until Prefect's runner listens itself, so that no server stays behind
    workspace = open_workspace()
    fix_places(workspace)
    prepare_prefect(workspace.settings, is_quiet=False)
    _ = workspace.engine  # migrated before the first run starts
    remember_plan(workspace)
    with _alone(workspace.home):
        if os.environ.get("PREFECT_API_URL"):
            _serve_flows(workspace, is_own=False)
            return
        with Server(workspace.home):
            _serve_flows(workspace, is_own=True)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


def fix_places(workspace: Workspace) -> None:
    """Make the folders absolute in the environment, so that runs in other working folders find the same ones."""
    os.environ["BAOCAO_HOME"] = str(workspace.home.resolve())
    os.environ["BAOCAO_PLAN"] = str(workspace.settings.plan_folder.resolve())
    os.environ["BAOCAO_INBOX"] = str(workspace.settings.inbox_folder.resolve())
    if workspace.settings.database.startswith("sqlite:"):
        database = Path(workspace.engine.url.database or "").resolve()
        os.environ["BAOCAO_DATABASE_URL"] = sqlite_address(database)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the home for this process, whose name is in the lock; two that serve one home would do everything twice.

    Raises:
        UsageError: another ``serve`` holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = read_serving(home)
            where = f" (trang theo dõi {other.address.removesuffix('/api')})" if other else ""
            raise UsageError(
                f"Một baocao serve khác đang chạy cho thư mục {home}{where}. "
                "Hãy dừng nó trước, hoặc đặt BAOCAO_HOME khác."
            ) from None
        file.truncate(0)  # of one that was killed
        file.write(lease.this_process().encode())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _serve_flows(workspace: Workspace, *, is_own: bool) -> None:
    from prefect import serve as serve_deployments

    from deployments.serving.registry import deployments_of, drop_former
    from deployments.watching.keeping import kept_watch

    now = real_now()
    _announce(workspace, now)
    deployments = deployments_of(workspace, now)
    try:
        is_watching = workspace.settings.watch != "off"
        with _watched(now, is_own=is_own), kept_watch(workspace.home) if is_watching else nullcontext():
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
def _watched(now: datetime, *, is_own: bool) -> Iterator[None]:
    """Look after runs whose process is gone: of an earlier ``serve`` before the first run starts, then all the time."""
    from prefect.client.orchestration import get_client

    from deployments.serving.gone import Watch, watch_runs

    watch, leaving = Watch(is_own=is_own, since=now), Event()
    with get_client(sync_client=True) as client:
        gone = watch.look(client)
    Thread(target=watch_runs, args=(watch, gone, leaving), name="gone-runs", daemon=True).start()
    try:
        yield
    finally:
        leaving.set()


def _is_lost_server(error: Exception) -> bool:
    """Whether all that failed is the connection to Prefect's server."""
    from httpx import TransportError

    if isinstance(error, ExceptionGroup):
        return all(_is_lost_server(one) for one in error.exceptions)
    return isinstance(error, TransportError)


def _announce(workspace: Workspace, now: datetime) -> None:
    from deployments.serving.schedules import upcoming_events

    address = os.environ["PREFECT_API_URL"].removesuffix("/api")
    print(f"Trang theo dõi: {address}", flush=True)
    events = upcoming_events(workspace, now)
    if not events:
        print(f"Mọi ngày của kế hoạch “{workspace.plan.code}” đã qua; không còn lần chạy nào theo lịch.")
        print("Các luồng vẫn phục vụ để chạy lại bằng tay.")
        print("Tạo kế hoạch với ngày mới: baocao plan new --from KẾ-HOẠCH --start NĂM-THÁNG", flush=True)
        return
    print(f"{SHOWN_RUNS} lần chạy tới:")
    for event in events[:SHOWN_RUNS]:
        print(f"  {event.at:%d/%m/%Y %H:%M}  {event.job.label} kỳ {event.period.short}", flush=True)
