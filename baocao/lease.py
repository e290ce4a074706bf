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
def _identity(pid: int) -> str:
    return f"{socket.gethostname()}|{pid}|{psutil.Process(pid).create_time():.2f}"


def this_process() -> str:
    """This process's name as a holder: machine, process number, start time."""
    return _identity(os.getpid())


def expiry() -> datetime:
    """When a lease taken now runs out."""
    return datetime.now(UTC) + DURATION


def is_over(holder: str | None, until: datetime | None) -> bool:
    """Whether work held so may be taken up by another."""
    if holder is None or until is None or until <= datetime.now(UTC):
        return True
    host, pid, started = holder.split("|")
    if host != socket.gethostname():
        return False
    try:
        process = psutil.Process(int(pid))
        return f"{process.create_time():.2f}" != started or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
