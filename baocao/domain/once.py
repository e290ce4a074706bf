"""Work done once for each frozen value."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import finalize

Value = TypeVar("Value")
Made = TypeVar("Made")


def once_for_each(make: Callable[[Value], Made]) -> Callable[[Value], Made]:
    """Remember what was made of a value for as long as the value lives; by identity, so nothing is compared."""
    known: dict[int, Made] = {}

    @wraps(make)
    def made(value: Value) -> Made:
        key = id(value)
        if key not in known:
            known[key] = make(value)
            finalize(value, known.pop, key, None).atexit = False
        return known[key]

    return made
