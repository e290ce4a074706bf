"""Things laid together, and taken apart."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


def grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    """The things of each key, wherever they stand; keys and things in the order in which they came."""
    groups: dict[Key, list[Thing]] = {}
    for one in things:
        groups.setdefault(key(one), []).append(one)
    return groups


def batched(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """The things in slices of this size, so many as one query or one transaction takes at once."""
    return (things[start : start + size] for start in range(0, len(things), size))
