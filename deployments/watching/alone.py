"""One watch a home: two would answer each arrival with two runs."""

from contextlib import AbstractContextManager
from pathlib import Path

from baocao.system.locks import held_if_free


def alone(home: Path) -> AbstractContextManager[bool]:
    """Hold the watch of this home for the length of the block, unless another process does; whether it is held."""
    return held_if_free(home / ".watch.lock")
