"""Prefect's server that lives as long as a single command: it comes up while the command still loads Prefect."""

import atexit
import os
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from baocao.system.proxies import LOOPBACK

_WAITING_CALLS = 512
_LEAVE_SECONDS = 5
_ASKED_FOR = ("PREFECT_SERVER_EPHEMERAL_ENABLED", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE")
_direct = build_opener(ProxyHandler({}))


class NotUpError(Exception):
    """The server did not come up; says why."""


class OwnServer:
    """The server of this process. Whoever calls it before it is up waits; when this process is gone, it ends."""

    def __init__(self) -> None:
        """Start it on a free port of this machine."""
        with socket.create_server((LOOPBACK[0], 0), backlog=_WAITING_CALLS) as door:
            self.address = f"http://{LOOPBACK[0]}:{door.getsockname()[1]}/api"
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "deployments.by_hand.child", str(door.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=(door.fileno(),),
                start_new_session=True,  # Ctrl-C is for the command
            )
        atexit.register(self._end)

    def wait(self, seconds: float) -> None:
        """Until it answers.

        Raises:
            NotUpError: it does not, within so many seconds.
        """
        try:
            with _direct.open(f"{self.address}/health", timeout=seconds):
                return
        except TimeoutError:
            raise NotUpError(f"không trả lời sau {seconds:.0f} giây") from None
        except (URLError, OSError) as error:
            with suppress(subprocess.TimeoutExpired):
                raise NotUpError(f"tự dừng (mã {self._process.wait(_LEAVE_SECONDS)})") from None
            raise NotUpError(str(error)) from None

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


@cache
def _start() -> OwnServer:
    return OwnServer()


def ensure_server() -> None:
    """Let ``PREFECT_API_URL`` lead to a server: where none is set, to our own. Before Prefect is imported.

    None is started where Prefect is told of one, or to have none, in its own profiles.
    """
    if os.environ.get("PREFECT_API_URL") or _is_told_otherwise():
        return
    os.environ["PREFECT_API_URL"] = _start().address


def own_server() -> OwnServer | None:
    """The server of this process, if it has one and goes to it."""
    if not _start.cache_info().currsize or _start().address != os.environ.get("PREFECT_API_URL"):
        return None
    return _start()


def _is_told_otherwise() -> bool:
    profiles = os.environ.get("PREFECT_PROFILES_PATH") or Path(os.environ["PREFECT_HOME"]) / "profiles.toml"
    return Path(profiles).exists() or any(os.environ.get(name, "1").lower() in ("0", "false") for name in _ASKED_FOR)
