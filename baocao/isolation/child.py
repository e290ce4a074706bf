"""A reader process: reads and marks workbooks and opens mail, one after another within limits.

It serves :mod:`baocao.isolation.process`.

Its arguments are the numbers of a socket and of a pipe that stays open while the parent lives. It imports neither
pandas nor Prefect nor Great Expectations. The kernel ends it when a limit is passed (SIGALRM, SIGXCPU), and when its
parent is gone (SIGIO).
"""

import fcntl
import gc
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.message.opening import Letter, Opened
from baocao.signatures.asking import Verified, Verifying
from baocao.workbook import rules
from baocao.workbook.adopting.sight import Looking, Sight, look
from baocao.workbook.marking.marking_error import CannotMarkError
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import read_workbook, refused

Request = Path | Marking | Letter | Looking | Verifying
Result = Content | bytes | Opened | Sight | Verified | None
Answer = tuple[Result, str | None]
"""What was read, the marked copy (None where there is none), the opened mail, or who signed; and the text
of an unexpected error."""

_BYTES_A_SECOND = 4 << 20
TOO_LARGE = "nội dung cần quá nhiều bộ nhớ để đọc"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: memory of the whole process, processor and wall-clock time.

    Work is limited by processor time, whatever else the machine does. The wall clock ends only what waits for
    something: on an overloaded machine a good file had a tenth of a second in eight, and was given up.
    """

    memory_bytes: int = 896 << 20
    cpu_seconds: int = 6
    wall_seconds: float = 90.0

    def of_letter(self, size: int) -> "Limits":
        """The limits for a mail of so many bytes: a small one costs milliseconds, and many bad ones may come."""
        cpu = 1 + size // _BYTES_A_SECOND
        return replace(self, cpu_seconds=min(cpu, 2 * self.cpu_seconds), wall_seconds=self.wall_seconds + cpu)


def main() -> None:
    """Serve the parent on the socket until it hangs up."""
    connection, lifeline = Connection(int(sys.argv[1])), int(sys.argv[2])
    _die_with_parent(lifeline)
    plan, limits = connection.recv()
    _limit_process(limits)
    connection.send(None)
    with suppress(EOFError, ConnectionResetError, BrokenPipeError):
        while True:
            request = connection.recv()
            _send(connection, request, answer_within(request, plan, limits))


def _send(connection: Connection, request: Request, answer: Answer) -> None:
    try:
        message = ForkingPickler.dumps(answer)
    except MemoryError:
        message = ForkingPickler.dumps((_too_large(request), None))
    connection.send_bytes(message)


def _die_with_parent(lifeline: int) -> None:
    """Let the kernel end us when the other end of this pipe closes, even in the middle of native code.

    Not PR_SET_PDEATHSIG: that one also fires when only the thread that started us ends.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _limit_process(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.dont_write_bytecode = True


def answer_within(request: Request, plan: Plan, limits: Limits) -> Answer:
    """Do what is asked within the time limits; with the text of an error that should not have been raised."""
    if isinstance(request, Letter):
        limits = limits.of_letter(_size(request.path))
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + 1 + limits.cpu_seconds, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    try:
        if isinstance(request, Letter):
            return _open(request)
        if isinstance(request, Looking):
            return _look(request)
        if isinstance(request, Verifying):
            return _verify(request)
        return _mark(request, plan) if isinstance(request, Marking) else _read(request, plan)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _open(letter: Letter) -> Answer:
    try:
        return letter.open(), None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - one hostile mail must never stop the mailbox
        return None, f"{type(error).__name__}: {error}"


def _look(looking: Looking) -> Answer:
    try:
        return look(looking), None
    except OSError:
        return Sight(fault=rules.FILE_UNREADABLE.at(reason="tệp không còn ở chỗ cũ hoặc không mở được")), None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the native parser is no Exception
        reason = "nội dung sai cấu trúc làm trình đọc gặp lỗi"
        return Sight(fault=rules.FILE_UNREADABLE.at(reason=reason)), f"{type(error).__name__}: {error}"


def _verify(asked: Verifying) -> Answer:
    from baocao.signatures.verifying import verified  # noqa: PLC0415 - pyHanko, which most children never need

    try:
        return verified(asked), None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - one hostile document must never stop the others
        return None, f"{type(error).__name__}: {error}"


def _mark(marking: Marking, plan: Plan) -> Answer:
    from baocao.workbook.marking.marking import mark  # noqa: PLC0415 - openpyxl, which most children never need

    gc.disable()  # openpyxl makes hundreds of thousands of objects, and none of them dies before the end
    try:
        return mark(marking, plan), None
    except (CannotMarkError, OSError):
        return None, None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the native parser is no Exception
        return None, f"{type(error).__name__}: {error}"
    finally:
        gc.enable()


def _read(path: Path, plan: Plan) -> Answer:
    try:
        return read_workbook(path, plan), None
    except OSError:
        return refused(rules.FILE_UNREADABLE.at(reason="tệp không còn ở chỗ cũ hoặc không mở được")), None
    except MemoryError:
        return _too_large(path), None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the native parser is no Exception
        reason = "nội dung sai cấu trúc làm trình đọc gặp lỗi"
        return refused(rules.FILE_UNREADABLE.at(reason=reason)), f"{type(error).__name__}: {error}"


def _too_large(request: Request) -> Result:
    finding = rules.FILE_UNSAFE.at(reason=TOO_LARGE)
    if isinstance(request, Looking):
        return Sight(fault=finding)
    return refused(finding) if isinstance(request, Path) else None
