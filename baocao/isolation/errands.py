"""What a reader process can be asked, and what it answers; whatever happens, one file never stops the others.

A new kind of request joins :data:`Request` and has its row at the end; :class:`baocao.isolation.process.ReaderPool`
offers it.
"""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
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
_GONE = "tệp không còn ở chỗ cũ hoặc không mở được"
_MISSHAPEN = "nội dung sai cấu trúc làm trình đọc gặp lỗi"


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


def answer_to(request: Request, plan: Plan) -> Answer:
    """Do what is asked; with the text of an error that should not have been raised."""
    try:
        return _errand(request).do(request, plan), None
    except (KeyboardInterrupt, SystemExit):
        raise
    except OSError as error:
        return _failed(request, rules.FILE_UNREADABLE.at(reason=_GONE), error)
    except MemoryError as error:
        return _failed(request, rules.FILE_UNSAFE.at(reason=TOO_LARGE), error)
    except BaseException as error:  # noqa: BLE001 - a panic of the native parser is no Exception
        return _errand(request).refusal(rules.FILE_UNREADABLE.at(reason=_MISSHAPEN)), _text(error)


def _failed(request: Request, finding: Finding, error: Exception) -> Answer:
    """The refusal where it tells the asker why; else the error's text, which goes into the log."""
    refusal = _errand(request).refusal(finding)
    return refusal, _text(error) if refusal is None else None


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def too_large(request: Request) -> Result:
    """What is answered where the result itself does not fit."""
    return _errand(request).refusal(rules.FILE_UNSAFE.at(reason=TOO_LARGE))


def limits_of(request: Request, limits: Limits) -> Limits:
    """What this request may cost."""
    return _errand(request).limits(request, limits)


def _of_letter(letter: Letter, limits: Limits) -> Limits:
    try:
        return limits.of_letter(letter.path.stat().st_size)
    except OSError:
        return limits.of_letter(0)


def _verified(asked: Verifying, _plan: Plan) -> Verified:
    from baocao.signatures.verifying import verified  # noqa: PLC0415 - pyHanko, which most children never need

    return verified(asked)


def _marked(marking: Marking, plan: Plan) -> bytes | None:
    from baocao.workbook.marking.marking import mark  # noqa: PLC0415 - openpyxl, which most children never need

    gc.disable()  # openpyxl makes hundreds of thousands of objects, and none of them dies before the end
    try:
        return mark(marking, plan)
    except (CannotMarkError, OSError):
        return None
    finally:
        gc.enable()


@dataclass(frozen=True, slots=True)
class _Errand:
    """One kind of request: how it is done, what it may cost, and what stands for its result where there is none.

    ``refusal`` is None for every finding where the asker cannot be told one.
    """

    do: Callable[[Any, Plan], Result]
    refusal: Callable[[Finding], Result] = lambda _finding: None
    limits: Callable[[Any, Limits], Limits] = lambda _request, limits: limits


_ERRANDS: Mapping[type, _Errand] = {
    Path: _Errand(read_workbook, refused),
    Marking: _Errand(_marked),
    Letter: _Errand(lambda letter, _plan: letter.open(), limits=_of_letter),
    Looking: _Errand(lambda looking, _plan: look(looking), lambda finding: Sight(fault=finding)),
    Verifying: _Errand(_verified),
}


def _errand(request: Request) -> _Errand:
    return next(errand for kind, errand in _ERRANDS.items() if isinstance(request, kind))
