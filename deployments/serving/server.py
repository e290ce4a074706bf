"""Prefect's server as a child of ``serve``: ours and nobody else's, brought back when it dies, ended when we end."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import psutil

from baocao.system import lease
from baocao.system.errors import BaocaoError, OutsideServiceError, UsageError, reason_of
from baocao.system.proxies import LOOPBACK, is_loopback
from baocao.workspace.serving import Serving, forget_serving, note_serving, owns_port, read_serving

START_SECONDS = 120
STOP_SECONDS = 30
REVIVALS, WITHIN_SECONDS = 3, 300.0
_SETTING = "PREFECT_SERVER_API_PORT"
_direct = build_opener(ProxyHandler({}))


class Server:
    """The server of a home, for the length of the ``with`` block; ``PREFECT_API_URL`` leads to it meanwhile.

    When it dies it is started again at once, on the same port; the runs that are under way wait for it. Where that
    fails, or it dies more than ``REVIVALS`` times within ``WITHIN_SECONDS``, this process is told to end (SIGTERM) and
    the block ends with the reason.
    """

    def __init__(self, home: Path) -> None:
        """Nothing is started yet; host and port come from Prefect's own settings.

        Raises:
            UsageError: the server would be reachable from outside without a password, or its port is no number.
        """
        self._home = home
        self._host, self._port = _place()
        self.address = f"http://{_shown(self._host)}:{self._port}/api"
        self._leaving, self._lock = Event(), Lock()
        self._deaths: list[float] = []
        self._failure: BaocaoError | None = None

    def __enter__(self) -> "Server":
        """Start it and wait until it answers.

        Raises:
            UsageError: the port is taken.
            OutsideServiceError: it does not come up.
        """
        end_orphan(self._home)
        self._refuse_taken_port()
        self._process = self._launch()
        try:
            self._wait_until_up()
        except BaseException:
            self._stop()
            raise
        os.environ["PREFECT_API_URL"] = self.address
        Thread(target=self._mind, name="prefect-server", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it.

        Raises:
            OutsideServiceError: it was this server that made us end.
        """
        self._stop()
        if self._failure:
            raise self._failure

    def _refuse_taken_port(self) -> None:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError as error:
                reason = (
                    f"Không mở được cổng {self._port} trên {self._host} ({reason_of(error)}): có thể một baocao serve "
                    f"hoặc chương trình khác đang dùng. Hãy đặt {_SETTING} khác rồi chạy lại."
                )
                self._log.parent.mkdir(parents=True, exist_ok=True)
                with self._log.open("a", encoding="utf-8") as output:
                    print(reason, file=output)  # where whoever looks for the server's end looks first
                raise UsageError(reason) from None

    def _launch(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "deployments.serving.pages", "--host", self._host, "--port", str(self._port)]
        with self._log.open("ab") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # noqa: S603
        note_serving(self._home, Serving(self.address, lease.identity(process.pid), lease.this_process()))
        return process

    @property
    def _log(self) -> Path:
        return Path(os.environ["PREFECT_HOME"]) / "server.log"

    def _wait_until_up(self) -> None:
        """An answer counts only where it is our child that listens: another's server may answer on the port."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None and not self._leaving.is_set():
            if owns_port(self._process.pid, self._port) and _answers(self.address):
                return
            time.sleep(0.3)
        code = self._process.poll()
        why = f"không trả lời sau {START_SECONDS} giây" if code is None else f"tự dừng (mã {code})"
        raise OutsideServiceError(
            f"Máy chủ Prefect {why} ở {self.address}. Hãy xem {self._log}; "
            f"nếu cổng bận, đặt {_SETTING} khác rồi chạy lại."
        )

    def _mind(self) -> None:
        """Bring it back as often as it dies."""
        while True:
            code = self._process.wait()
            if self._leaving.is_set():
                return
            print(f"Máy chủ Prefect đã dừng (mã {code}); đang khởi động lại.", file=sys.stderr, flush=True)
            try:
                self._revive()
            except BaocaoError as error:
                if self._leaving.is_set():
                    return
                self._failure = error
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def _revive(self) -> None:
        now = time.monotonic()
        self._deaths = [one for one in self._deaths if now - one < WITHIN_SECONDS] + [now]
        if len(self._deaths) > REVIVALS:
            raise OutsideServiceError(
                f"Máy chủ Prefect dừng {len(self._deaths)} lần trong {WITHIN_SECONDS / 60:.0f} phút. "
                f"Hãy xem {self._log}, sửa nguyên nhân rồi chạy lại baocao serve."
            )
        with self._lock:
            if self._leaving.is_set():
                return
            self._process = self._launch()
        self._wait_until_up()

    def _stop(self) -> None:
        self._leaving.set()
        with self._lock:
            _end(self._process)
        forget_serving(self._home)


def end_orphan(home: Path) -> None:
    """End the server that a killed ``serve`` of this home has left behind; nobody else's is touched."""
    left = read_serving(home)
    if left is None or not lease.is_of_this_machine(left.server):
        return
    if lease.is_gone(left.serve) and not lease.is_gone(left.server):
        with suppress(psutil.NoSuchProcess):
            _end(psutil.Process(left.server_pid))
    if lease.is_gone(left.server):
        forget_serving(home)


def _end(process: "subprocess.Popen[bytes] | psutil.Process") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
        process.kill()
        process.wait()


def _place() -> tuple[str, int]:
    host = os.environ.get("PREFECT_SERVER_API_HOST", LOOPBACK[0])
    port = os.environ.get(_SETTING, "4200")
    if not is_loopback(host) and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise UsageError(
            f"Không mở máy chủ ra {host} khi chưa có mật khẩu: hãy đặt PREFECT_SERVER_API_AUTH_STRING và "
            "PREFECT_API_AUTH_STRING (tên:mật-khẩu), hoặc bỏ PREFECT_SERVER_API_HOST."
        )
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError(f"{_SETTING}: “{port}” không phải số cổng; hãy đặt từ 1 đến 65535.")
    return host, int(port)


def _shown(host: str) -> str:
    """The host as an address leads to it."""
    if host == "0.0.0.0":  # noqa: S104 - only compared
        return LOOPBACK[0]
    return f"[{host}]" if ":" in host else host


def _answers(address: str) -> bool:
    with suppress(URLError, OSError), _direct.open(f"{address}/health", timeout=2):
        return True
    return False
