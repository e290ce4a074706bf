"""One machine: Prefect's server, every deployment on the plan's calendar, and the runner, in one command."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baocao.store.engine.address import sqlite_address
from baocao.system import lease
from baocao.system.errors import UsageError
from baocao.workspace.last_plan import remember_plan
from baocao.workspace.serving import LOCK, read_serving
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.environment import prepare_prefect
from deployments.serving.server import Server


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
    from deployments.serving.runner import serve_flows  # noqa: PLC0415 - Prefect reads its settings when it is imported

    serve_flows(workspace, is_own=is_own)
