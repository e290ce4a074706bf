"""Processes beside ``serve``: brought back when they die, told once, ended with it; they never end ``serve``."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from baocao.mail.trouble import Trouble
from baocao.oversight.troubles import settle_troubles
from baocao.system.errors import BaocaoError, NotDueError, OutsideServiceError, UsageError
from deployments.window.child import FLOW
from flows.support.alerts import tell

_SOUND_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LONGEST_PAUSE = 60.0
_SERVICES_OWN = "/systemd-private-"
_SAID_ITSELF = frozenset(one.exit_code for one in (BaocaoError, UsageError, NotDueError, OutsideServiceError))
"""With these codes ends what told the operators by itself what is wrong."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A module that runs beside ``serve``. ``flow`` is the name of its troubles, ``name`` what people call it."""

    module: str
    flow: str
    name: str


WATCH = Beside("deployments.watching.child", "canh-noi-nhan", "Tiến trình canh nơi nhận")
WINDOW = Beside("deployments.window.child", FLOW, "Cửa sổ web")
FORK_SERVER = Beside("deployments.fork_server.child", "lenh-san-sang", "Tiến trình giữ lệnh sẵn sàng")


def is_shut_in(mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether systemd gave this service a /tmp of its own (``PrivateTmp``), which nobody who types a command sees."""
    return _SERVICES_OWN in mounts.read_text(encoding="utf-8", errors="replace")


@contextmanager
def kept(home: Path, one: Beside) -> Iterator[None]:
    """It runs for the length of the block."""
    leaving = Event()
    keeper = Thread(target=_keep, args=(home, one, leaving), name=f"{one.flow}-keeper")
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


def _keep(home: Path, one: Beside, leaving: Event) -> None:
    pause = 1.0
    while not leaving.is_set():
        code, was_sound = _run(home, one, leaving)
        if not leaving.is_set():
            _tell_death(one, code)
            pause = 1.0 if was_sound else min(2 * pause, _LONGEST_PAUSE)
            leaving.wait(pause)


def _run(home: Path, one: Beside, leaving: Event) -> tuple[int, bool]:
    """One life of it: its exit code, and whether it lived long enough to count as sound."""
    command = [sys.executable, "-m", one.module]
    # in a session of its own: Ctrl-C is for serve, which ends it; ending by itself would be told as a death
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
        seconds = 0.0
        while (code := process.poll()) is None:
            if leaving.wait(1.0):
                return _end(process), True
            seconds += 1.0
            if seconds == _SOUND_SECONDS:
                settle_troubles(home, one.flow, "")
        return code, seconds >= _SOUND_SECONDS


def _end(process: "subprocess.Popen[bytes]") -> int:
    process.terminate()
    try:
        return process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _tell_death(one: Beside, code: int) -> None:
    what = f"{one.name} dừng (mã {code}); đang khởi động lại"
    print(what, file=sys.stderr, flush=True)
    if code in _SAID_ITSELF:
        return
    remedy = "Không phải làm gì nếu chỉ một lần; nếu lặp lại, xem nhật ký của baocao serve và báo người bảo trì"
    tell(f"{one.name} dừng", one.flow, [(one.flow, "", Trouble(what, remedy))])
