"""Work done once for each frozen value."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import TypeVar
from weakref import finalize

Value = TypeVar("Value")
Made = TypeVar("Made")


def once_for_each(make: Callable[[Value], Made]) -> Callable[[Value], Made]:
    """Remember what was made of a value for as long as the value lives; by identity, so nothing is compared.

    A second thread that asks meanwhile waits for what the first makes.
    """
    known: dict[int, Made] = {}
    lock = RLock()

    @wraps(make)
    def made(value: Value) -> Made:
        key = id(value)
        with lock:
            if key not in known:
                known[key] = make(value)
                finalize(value, known.pop, key, None).atexit = False
            return known[key]

    return made
