"""A reader process: does what is asked of it (:mod:`baocao.isolation.errands`), one after another within limits.

It serves :mod:`baocao.isolation.process`.

Its arguments are the numbers of a socket and of a pipe that stays open while the parent lives. It imports neither
pandas nor Prefect nor Great Expectations. The kernel ends it when a limit is passed (SIGALRM, SIGXCPU), and when its
parent is gone (SIGIO).
"""

import fcntl
import os
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler

from baocao.domain.planned.plan import Plan
from baocao.isolation.errands import Answer, Limits, Request, answer_to, limits_of, too_large


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
        message = ForkingPickler.dumps((too_large(request), None))
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
    limits = limits_of(request, limits)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + 1 + limits.cpu_seconds, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    try:
        return answer_to(request, plan)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
