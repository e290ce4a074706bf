"""Memory while values are made by the hundred thousand."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (50_000, 20, 20)


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look seldom while the block (or the function so decorated) runs.

    A month of very many units is a million values that live to the end and hold no cycles. At Python's pace of one look
    for every 700 of them, going through them takes longer than making them.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
