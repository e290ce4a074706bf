"""Memory of frames that are done with."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def frames_given_back() -> Iterator[None]:
    """Give the system what the block's (or the decorated function's) frames took, when it is over.

    pandas keeps texts in Arrow's memory, which holds on to what was freed for the frames to come: after the figures of
    12,000 units there are none, and the report's files are made beside it.
    """
    try:
        yield
    finally:
        pa.default_memory_pool().release_unused()
