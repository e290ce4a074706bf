"""Folder intake: ``{INBOX}/<UNIT>/<any name>``; the subfolder decides whose file it is."""

import logging
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from baocao.message.remedies import remedy_of
from baocao.system.names import clean
from baocao.workspace.settings import FORMS_FOLDER

log = logging.getLogger(__name__)

STABLE_SECONDS = 5.0
LARGEST_BYTES = 100 << 20  # far above any workbook that is accepted; more would cost the memory of the whole run
_TOO_LARGE = "too large for a workbook"
_CLOCK_JUMP_SECONDS = 3600.0
_PACKED = frozenset({".zip", ".eml", ".mht", ".mhtml", ".p7m"})
"""Files in which people send workbooks, beside those of which nobody knows what is in them (``.rar``)."""
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_UNDER_WAY = frozenset({".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload"})
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BEGINNING = 16


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits in the inbox. ``unit`` is None where it belongs to nobody.

    ``ref`` names this very file (place, inode, time, size), so that a file whose taking was interrupted is known
    again. ``arrived_at`` is when it was laid there by the file system's own clock, which its owner cannot set.
    """

    path: Path
    unit: str | None
    ref: str
    arrived_at: datetime

    @property
    def is_packed(self) -> bool:
        """Whether its files are to be taken instead of itself, as from a mail; it stays where none is in it."""
        return not is_workbook(self.path) and _is_packed(self.path)

    def is_unchanged(self) -> bool:
        """Whether the file is still the one that was found."""
        try:
            return self.ref.endswith(_state(self.path.lstat()))
        except OSError:
            return False

    def read(self) -> bytes:
        """The bytes, without following a link that was put in its place meanwhile.

        Raises:
            OSError: the file went away or is no plain file any more.
        """
        handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(f"{self.path} is no plain file")
            return file.read()


def find_waiting(
    inbox: Path,
    units: Collection[str],
    now: datetime,
    stable_seconds: float = STABLE_SECONDS,
    *,
    documents: Collection[str] = (),
) -> list[Waiting]:
    """The workbooks and packed files that wait, in a fixed order; all else is left where it is, with a log line.

    Left are half-written, hidden and empty files, uploads under way, and what is no workbook: Thumbs.db, a covering
    letter. ``documents``: the extensions (``.pdf``) of what is taken of a unit, too.
    """
    if not inbox.is_dir():
        return []
    found = [
        _waiting(inbox, path, unit)
        for path, unit in _candidates(inbox, units)
        if _is_takeable(inbox, path, now.astimezone(UTC).timestamp(), stable_seconds, documents if unit else ())
    ]
    return [waiting for waiting in found if waiting is not None]


def find_too_large(
    inbox: Path, units: Collection[str], now: datetime, stable_seconds: float = STABLE_SECONDS
) -> list[Waiting]:
    """The workbooks and packed files that are whole and too large to be taken, in a fixed order; they stay."""
    found = [
        _waiting(inbox, path, unit)
        for path, unit in (_candidates(inbox, units) if inbox.is_dir() else ())
        if _is_too_large(path.relative_to(inbox), path, now.astimezone(UTC).timestamp(), stable_seconds)
    ]
    return [waiting for waiting in found if waiting is not None]


def _is_too_large(place: Path, path: Path, now: float, stable_seconds: float) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    age = now - status.st_ctime
    is_whole = not stable_seconds or not -_CLOCK_JUMP_SECONDS < age < stable_seconds
    reason = _reason_to_leave(place, status, age, stable_seconds)
    return is_whole and reason == _TOO_LARGE and _is_like_a_workbook(path)


def _candidates(inbox: Path, units: Collection[str]) -> Iterator[tuple[Path, str | None]]:
    by_name = {unit.casefold(): unit for unit in units}
    for entry in sorted(inbox.iterdir()):
        if entry.is_symlink() or not entry.is_dir():
            yield entry, None
            continue
        unit = by_name.get(entry.name.casefold())
        yield from ((path, unit) for path in sorted(entry.rglob("*")) if _is_sent(path, entry))


def _is_sent(path: Path, folder: Path) -> bool:
    return FORMS_FOLDER not in path.relative_to(folder).parts[:-1] and (path.is_symlink() or not path.is_dir())


def _is_takeable(inbox: Path, path: Path, now: float, stable_seconds: float, documents: Collection[str]) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    reason = _reason_to_leave(path.relative_to(inbox), status, now - status.st_ctime, stable_seconds)
    is_wanted = _is_like_a_workbook(path) or suffix_of(path) in documents
    reason = reason or (None if is_wanted else "no workbook")
    if reason:
        log.info("left in the inbox: %r: %s", str(path), reason)
    return reason is None


def _reason_to_leave(path: Path, status: os.stat_result, age: float, stable_seconds: float) -> str | None:
    """``age`` is since the last change by the file system's clock; a clock that jumped back holds nothing up."""
    if not stat.S_ISREG(status.st_mode):
        return "no plain file (link, device or pipe)"
    if any(part.startswith(("~$", ".")) for part in path.parts) or path.suffix.lower() in _UNDER_WAY:
        return "temporary or hidden file"
    if status.st_size == 0:
        return "empty file"
    if status.st_size > LARGEST_BYTES:
        return _TOO_LARGE
    if stable_seconds and -_CLOCK_JUMP_SECONDS < age < stable_seconds:
        return "still being written"
    return None


def _is_like_a_workbook(path: Path) -> bool:
    """By its extension, whatever is in it (a rule says what is wrong with it); without one, by how it begins."""
    return is_workbook(path) or _is_packed(path)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook by its extension; without one, by how it begins."""
    suffix = path.suffix.strip().lower()
    return suffix in _WORKBOOKS if suffix else _beginning(path).startswith(_MAGIC)


def suffix_of(path: Path) -> str:
    """A file's extension as it is compared: ``.pdf``."""
    return path.suffix.strip().lower()


def _is_packed(path: Path) -> bool:
    suffix = path.suffix.strip().lower()
    return suffix in _PACKED or bool(remedy_of("", path.name, None if suffix else _beginning(path)))


def _beginning(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return file.read(_BEGINNING)
    except OSError:
        return b""


def _waiting(inbox: Path, path: Path, unit: str | None) -> Waiting | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return Waiting(
        path=path,
        unit=unit,
        ref=f"folder:{readable(str(path.relative_to(inbox)))[-400:]}:{_state(status)}",
        arrived_at=datetime.fromtimestamp(status.st_ctime, UTC),
    )


def readable(name: str) -> str:
    """A name as text that can be stored and shown: one line in NFC, bytes that are no UTF-8 replaced."""
    return clean(os.fsencode(name).decode("utf-8", "replace"), 4 * len(name))


def _state(status: os.stat_result) -> str:
    return f"{status.st_ino}:{status.st_mtime_ns}:{status.st_size}"
