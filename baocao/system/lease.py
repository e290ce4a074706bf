"""Who holds a piece of work: a process that may die without a word.

A lease ends when it runs out by the real clock, or at once when its holder was a process of this machine that is no
longer there. The simulated clock of ``--as-of`` plays no part: a lease is about living processes.
"""

import os
import socket
from datetime import UTC, datetime, timedelta
from functools import cache

import psutil

DURATION = timedelta(minutes=15)


@cache
def identity(pid: int) -> str:
    """A process's name as a holder: machine, process number, start time.

    Raises:
        psutil.NoSuchProcess: it is gone already.
    """
    return f"{socket.gethostname()}|{pid}|{_started(psutil.Process(pid))}"


def _started(process: psutil.Process) -> str:
    """Seconds from the machine's start to the process's: a clock that is set anew changes nothing."""
    return f"{process.create_time() - psutil.boot_time():.2f}"


def this_process() -> str:
    """This process's name as a holder."""
    return identity(os.getpid())


def expiry() -> datetime:
    """When a lease taken now runs out."""
    return datetime.now(UTC) + DURATION


def is_over(holder: str | None, until: datetime | None) -> bool:
    """Whether work held so may be taken up by another."""
    if holder is None or until is None or until <= datetime.now(UTC):
        return True
    return is_gone(holder)


def is_of_this_machine(holder: str) -> bool:
    """Whether a holder is, or was, a process of this machine."""
    return holder.split("|")[0] == socket.gethostname()


def is_gone(holder: str) -> bool:
    """Whether a process of this machine is no longer there; of another machine's, nobody knows."""
    if not is_of_this_machine(holder):
        return False
    _, pid, started = holder.split("|")
    try:
        process = psutil.Process(int(pid))
        return _started(process) != started or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
