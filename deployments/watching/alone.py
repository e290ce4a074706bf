"""One watch a home: two would answer each arrival with two runs."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".watch.lock"


@contextmanager
def alone(home: Path) -> Iterator[bool]:
    """Hold the watch of this home for the length of the block, unless another process does; whether it is held."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
