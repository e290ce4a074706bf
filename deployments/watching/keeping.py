"""The watch as a child of ``serve``: brought back when it dies, told once, ended with it; it never ends ``serve``."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from baocao.mail.trouble import Trouble
from baocao.oversight.troubles import settle_troubles
from flows.support.alerts import tell

_FLOW = "canh-noi-nhan"
_SOUND_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LONGEST_PAUSE = 60.0


@contextmanager
def kept_watch(home: Path) -> Iterator[None]:
    """The watch runs for the length of the block."""
    leaving = Event()
    keeper = Thread(target=_keep, args=(home, leaving), name="watch-keeper")
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


def _keep(home: Path, leaving: Event) -> None:
    pause = 1.0
    while not leaving.is_set():
        code, was_sound = _run(home, leaving)
        if not leaving.is_set():
            _tell_death(code)
            pause = 1.0 if was_sound else min(2 * pause, _LONGEST_PAUSE)
            leaving.wait(pause)


def _run(home: Path, leaving: Event) -> tuple[int, bool]:
    """One life of the watch: its exit code, and whether it lived long enough to count as sound."""
    command = [sys.executable, "-m", "deployments.watching.child"]
    # in a session of its own: Ctrl-C is for serve, which ends it; ending by itself would be told as a death
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
        seconds = 0.0
        while (code := process.poll()) is None:
            if leaving.wait(1.0):
                return _end(process), True
            seconds += 1.0
            if seconds == _SOUND_SECONDS:
                settle_troubles(home, _FLOW, "")
        return code, seconds >= _SOUND_SECONDS


def _end(process: "subprocess.Popen[bytes]") -> int:
    process.terminate()
    try:
        return process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _tell_death(code: int) -> None:
    what = f"Tiến trình canh nơi nhận dừng (mã {code}); đang khởi động lại"
    print(what, file=sys.stderr, flush=True)
    remedy = "Không phải làm gì nếu chỉ một lần; nếu lặp lại, xem nhật ký của baocao serve và báo người bảo trì"
    tell("Tiến trình canh nơi nhận dừng", _FLOW, [(_FLOW, "", Trouble(what, remedy))])
