"""Opening files from outside in processes that can be killed: an abort, a hang or a flood costs that one file.

The children are plain processes of their own, not multiprocessing's: those import the parent's main module again
(under Prefect, all of Prefect) and cannot be started from a daemonic process (a Dask worker).
"""

import logging
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import baocao
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.isolation.errands import TOO_LARGE, Answer, Limits, Request, Result
from baocao.message.opening import Letter, Opened, unknown
from baocao.signatures.asking import Verified, Verifying
from baocao.system.errors import BaocaoError
from baocao.workbook import rules
from baocao.workbook.adopting.sight import Looking, Sight
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import refused

__all__ = ["Limits", "ReaderPool", "read_one"]

_log = logging.getLogger(__name__)
_CHILD = "baocao.isolation.child"
_DYING_SECONDS = 5
_WINDOW = 4
"""Files that a child has been given and not yet answered: enough never to let it wait."""
_TOO_SLOW = frozenset({signal.SIGALRM, signal.SIGXCPU})
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGIO})
_NO_DOCUMENT = "Không đọc được chữ ký trong tệp PDF. Hãy ký lại."
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class ReaderPool:
    """Children that read and mark workbooks by one plan, and open mail.

    A context manager; to be used by one thread at a time.

    Children start when they are needed and are ended on exit; they never outlive this process.
    """

    def __init__(self, plan: Plan, workers: int | None = None, limits: Limits | None = None) -> None:
        self._plan = plan
        self._workers = workers or max(1, len(os.sched_getaffinity(0)))
        self._limits = limits or Limits()
        self._children: list[_Child] = []
        self._second: ReaderPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children. The pool can be used again."""
        while self._children:
            self._children.pop().kill()
        if self._second is not None:
            self._second.close()

    def read_all(self, paths: Sequence[Path]) -> Iterator[Content]:
        """The content of each file, in the order of the paths, as soon as it and all before it are read.

        A file that kills its reader, or keeps it too long, gives a content with ``file_unsafe``; the files that the
        same child had waiting are read by the next one.

        Raises:
            BaocaoError: no reader process can be started at all.
        """
        return self._serve(_Batch(paths, lambda reason: refused(rules.FILE_UNSAFE.at(reason=reason))))

    def mark_all(self, markings: Sequence[Marking]) -> Iterator[bytes | None]:
        """The marked copy of each file, in order; None where marking failed, or broke its child.

        Raises:
            BaocaoError: no process can be started at all.
        """
        return self._serve(_Batch(markings, lambda _: None))

    def look_at(self, looking: Looking) -> Sight:
        """What an official file shows; one that ends its reader shows nothing but why.

        Raises:
            BaocaoError: no process can be started at all.
        """
        (sight,) = self._serve(_Batch([looking], lambda reason: Sight(fault=rules.FILE_UNSAFE.at(reason=reason))))
        return sight  # type: ignore[no-any-return]

    def verify_all(self, asked: Sequence[Verifying]) -> Iterator[Verified]:
        """Who signed each document, in order; one that ends its reader was signed by nobody.

        Raises:
            BaocaoError: no process can be started at all.
        """
        answers: Iterator[Verified | None] = self._serve(_Batch(asked, lambda _: None))
        return (one or Verified(fault=_NO_DOCUMENT) for one in answers)

    def open_all(self, letters: Sequence[Letter]) -> Iterator[Opened]:
        """Each mail opened, in order; one that breaks its child, twice, says nothing of itself but that it does.

        Raises:
            BaocaoError: no process can be started at all.
        """
        opened: Iterator[Opened | None] = self._serve(_Batch(letters, lambda _: None))
        for letter, one in zip(letters, opened, strict=True):
            yield one or self._open_suspect(letter)

    def _open_suspect(self, letter: Letter) -> Opened:
        """What its header says, by another child: these may be busy with what comes next."""
        if self._second is None:
            self._second = ReaderPool(self._plan, 1, self._limits)
        (opened,) = self._second._serve(_Batch([replace(letter, is_suspect=True)], lambda _: None))
        return opened or unknown(letter.sha256)

    def _serve(self, batch: "_Batch") -> Iterator[Any]:
        try:
            for number in range(len(batch.requests)):
                while number not in batch.done:
                    self._feed(batch)
                    self._collect(batch)
                yield batch.done.pop(number)
        finally:
            self._drop_busy()

    def _feed(self, batch: "_Batch") -> None:
        needed = min(self._workers, len(batch.waiting) + sum(bool(child.asked) for child in self._children))
        while len(self._children) < needed:
            self._children.append(_Child((self._plan, self._limits)))
        for _ in range(_WINDOW):
            for child in self._children:
                if batch.waiting and len(child.asked) < _WINDOW:
                    number = batch.waiting.popleft()
                    child.ask(number, batch.requests[number])

    def _collect(self, batch: "_Batch") -> None:
        ready = wait([child.connection for child in self._children if child.asked])
        for child in [child for child in self._children if child.connection in ready]:
            try:
                answer = child.answer()
            except (EOFError, OSError):
                self._children.remove(child)
                self._bury(child, batch)
            else:
                _take(child, answer, batch)

    def _bury(self, child: "_Child", batch: "_Batch") -> None:
        """The file that a dead child was reading is at fault; it has one more go where others ended the child."""
        cause = child.cause_of_death()
        number, *innocent = child.asked
        if cause in _FROM_OUTSIDE and number not in batch.retried:
            batch.retried.add(number)
            innocent.insert(0, number)
        elif not child.is_ready:
            raise BaocaoError("Không khởi động được tiến trình đọc tệp; hãy chạy “baocao doctor” để kiểm tra cài đặt.")
        else:
            _log.warning("reader of %s ended by %s", batch.name(number), cause)
            reason = "đọc quá lâu" if cause in _TOO_SLOW else f"{TOO_LARGE} hoặc làm trình đọc dừng đột ngột"
            batch.done[number] = batch.failed(reason)
        batch.waiting.extendleft(reversed(innocent))

    def _drop_busy(self) -> None:
        """Where the caller stopped half-way, answers would come for a batch that is gone."""
        for child in [child for child in self._children if child.asked]:
            self._children.remove(child)
            child.kill()


class _Batch:
    """Requests on their way; ``failed`` makes the answer for one that ended its child, from the reason."""

    def __init__(self, requests: Sequence[Request], failed: Callable[[str], Result]) -> None:
        self.requests = requests
        self.failed = failed
        self.waiting = deque(range(len(requests)))
        self.done: dict[int, Result] = {}
        self.retried: set[int] = set()

    def name(self, number: int) -> str:
        """The name of a request's file."""
        return self.requests[number].name


def _take(child: "_Child", answer: Answer | None, batch: _Batch) -> None:
    if answer is None:
        return
    result, error = answer
    number = child.asked.popleft()
    if error is not None:
        _log.error("reader failed on %s: %s", batch.name(number), error)
    batch.done[number] = result


class _Child:
    """One reader process and the files (by number) that it was given, the first being read."""

    def __init__(self, task: tuple[Plan, Limits]) -> None:
        self.asked: deque[int] = deque()
        self.is_ready = False
        self.connection, theirs = Pipe()
        lifeline, self._lifeline = os.pipe()
        command = [sys.executable, "-c", f"from {_CHILD} import main; main()", str(theirs.fileno()), str(lifeline)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), lifeline),
                env=_environment(),
                process_group=0,
            )
        finally:
            theirs.close()
            os.close(lifeline)
        self._send(task)

    def ask(self, number: int, request: Request) -> None:
        """Give it one more file."""
        self.asked.append(number)
        self._send(request)

    def answer(self) -> Answer | None:
        """Its next answer; None for its word that it is ready.

        Raises:
            EOFError, OSError: it is dead.
        """
        message: Answer | None = self.connection.recv()
        self.is_ready = True
        return message

    def cause_of_death(self) -> signal.Signals | None:
        """The signal that ended it; None where it ended by itself."""
        try:
            code = self._process.wait(timeout=_DYING_SECONDS)
        except subprocess.TimeoutExpired:
            code = 0
        self.kill()
        return signal.Signals(-code) if code < 0 else None

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self.connection.close()
        os.close(self._lifeline)

    def _send(self, message: object) -> None:
        """A child that is dead already shows when its answer is asked for."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(message)


def _environment() -> dict[str, str]:
    """What a child may know: no passwords; our own code, wherever this process found it."""
    root = str(Path(baocao.__file__).parents[1])
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": root}


def read_one(path: Path, plan: Plan) -> Content:
    """Read one file in a process of its own."""
    with ReaderPool(plan, workers=1) as pool:
        return next(pool.read_all([path]))
