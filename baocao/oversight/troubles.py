"""Sự cố chưa xử lý: what went wrong in runs and was not mended yet, as a file in the home.

The channel that needs no mail server and no database: ``doctor``, ``status`` and the first page of the site show it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from baocao.system.files import write_atomically
from baocao.system.locks import held

MOST = 200
_FILE, _LOCK = "troubles.json", ".troubles.lock"
_DIGITS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@dataclass(frozen=True, slots=True)
class OpenTrouble:
    """A trouble of a flow. ``at`` is ISO 8601 with its offset, ``period`` empty where there is none."""

    at: str
    flow: str
    period: str
    what: str
    remedy: str


def cause_digest(cause: str) -> str:
    """What tells one trouble from another: its words, whatever numbers and runs they name."""
    return hashlib.sha256(_DIGITS.sub("#", cause).encode()).hexdigest()[:16]


def note_trouble(home: Path, trouble: OpenTrouble) -> None:
    """Add a trouble; the same one of the same flow and period takes its place. The newest ``MOST`` are kept."""

    def add(known: Sequence[OpenTrouble]) -> list[OpenTrouble]:
        return [*(one for one in known if _key(one) != _key(trouble)), trouble][-MOST:]

    _change(home, add)


def settle_troubles(home: Path, flow: str, period: str, *, is_all: bool = False) -> bool:
    """A run has ended well: what was wrong with its flow and period is mended; with ``is_all``, everything is.

    A run without a period was one of all periods. Returns whether anything was mended.
    """

    def is_mended(one: OpenTrouble) -> bool:
        return is_all or (one.flow == flow and period in ("", one.period))

    if not any(map(is_mended, open_troubles(home))):
        return False
    _change(home, lambda known: [one for one in known if not is_mended(one)])
    return True


def open_troubles(home: Path) -> list[OpenTrouble]:
    """What is not mended yet, oldest first; nothing where the file is not there or spoilt."""
    with suppress(OSError, ValueError, TypeError):
        return [OpenTrouble(**one) for one in json.loads((home / _FILE).read_bytes())]
    return []


def trouble_line(troubles: Sequence[OpenTrouble]) -> str:
    """What is open as one sentence for those who look at the board; empty where nothing is."""
    if not troubles:
        return ""
    flows = ", ".join(dict.fromkeys(one.flow for one in troubles))
    return f"{len(troubles)} sự cố vận hành chưa xử lý ({flows}); cán bộ vận hành xem và sửa theo lệnh baocao doctor."


def _key(trouble: OpenTrouble) -> tuple[str, str, str]:
    return trouble.flow, trouble.period, cause_digest(trouble.what)


def _change(home: Path, change: Callable[[Sequence[OpenTrouble]], list[OpenTrouble]]) -> None:
    with held(home / _LOCK):
        kept = [asdict(one) for one in change(open_troubles(home))]
        write_atomically(home / _FILE, json.dumps(kept, ensure_ascii=False, indent=1).encode())
