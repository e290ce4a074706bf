"""What was just sent, kept in memory for a quarter of an hour: for its marked copy, or to be confirmed. No disk."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from baocao.domain.received.submission import Checked
from portal.room.seal import new_code

SECONDS = 900.0
MOST_BYTES = 128 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file; ``checked`` where it was. ``address`` is whose it is: nobody else gets it."""

    address: str
    name: str
    data: bytes
    checked: Checked | None
    until: float


class Drawer:
    """Holds at most :data:`MOST_BYTES`; the oldest goes first."""

    def __init__(self) -> None:
        """Empty."""
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def put(self, address: str, name: str, data: bytes, checked: Checked | None = None) -> str:
        """Keep a file; its number."""
        number = new_code()
        with self._lock:
            self._kept[number] = Kept(address, name, data, checked, time.monotonic() + SECONDS)
            self._clear()
        return number

    def get(self, number: str, address: str) -> Kept | None:
        """A file of this person; None where it is gone, or another's."""
        with self._lock:
            self._clear()
            kept = self._kept.get(number)
        return kept if kept is not None and kept.address == address else None

    def _clear(self) -> None:
        now = time.monotonic()
        while self._kept and (self._is_full() or next(iter(self._kept.values())).until <= now):
            self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        return len(self._kept) > 1 and sum(len(one.data) for one in self._kept.values()) > MOST_BYTES
