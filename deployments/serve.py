"""One machine: Prefect's server, every deployment on the plan's calendar, and the runner, in one command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from baocao.clock import now as real_now
from baocao.errors import OutsideServiceError, UsageError
from baocao.settings import sqlite_address
from baocao.workspace import Workspace, open_workspace
from deployments.environment import prepare_prefect

LOOPBACK = ("127.0.0.1", "localhost", "::1")
START_SECONDS = 120
STOP_SECONDS = 30
SHOWN_RUNS = 10


def serve() -> None:
    """Serve until SIGTERM or Ctrl-C; leaves no process behind.

    Raises:
        UsageError: the server would be reachable from outside without a password.
        OutsideServiceError: the server does not come up.
    """
    signal.signal(signal.SIGTERM, _leave)  # until Prefect's runner listens itself, so that no server stays behind
    workspace = open_workspace()
    fix_places(workspace)
    prepare_prefect(workspace.settings, is_quiet=False)
    _ = workspace.engine  # migrated before the first run starts
    if os.environ.get("PREFECT_API_URL"):
        _serve_flows(workspace)
        return
    with _server():
        _serve_flows(workspace)


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


def _serve_flows(workspace: Workspace) -> None:
    from prefect import serve as serve_deployments

    from deployments.registry import deployments_of

    now = real_now()
    _announce(workspace, now)
    serve_deployments(
        *deployments_of(workspace, now),
        pause_on_shutdown=False,
        print_starting_message=False,
        limit=max(2, workspace.settings.workers),
    )


def _announce(workspace: Workspace, now: datetime) -> None:
    from deployments.schedules import upcoming_events

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


@contextmanager
def _server() -> Iterator[None]:
    host = os.environ.get("PREFECT_SERVER_API_HOST", LOOPBACK[0])
    port = os.environ.get("PREFECT_SERVER_API_PORT", "4200")
    if host not in LOOPBACK and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise UsageError(
            f"Không mở máy chủ ra {host} khi chưa có mật khẩu: hãy đặt PREFECT_SERVER_API_AUTH_STRING và "
            "PREFECT_API_AUTH_STRING (tên:mật-khẩu), hoặc bỏ PREFECT_SERVER_API_HOST."
        )
    address = f"http://{LOOPBACK[0] if host == '0.0.0.0' else host}:{port}/api"  # noqa: S104 - only compared
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", port]
    log = Path(os.environ["PREFECT_HOME"]) / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # noqa: S603
        try:
            _wait_until_up(address, process)
            os.environ["PREFECT_API_URL"] = address
            yield
        finally:
            _stop(process)


def _wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(URLError, OSError), urlopen(Request(f"{address}/health"), timeout=2):  # noqa: S310 - http to ourselves
            return
        time.sleep(0.3)
    raise OutsideServiceError(
        f"Máy chủ Prefect không lên ở {address}. Có thể cổng đang bận: "
        "hãy đặt PREFECT_SERVER_API_PORT khác rồi chạy lại."
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
