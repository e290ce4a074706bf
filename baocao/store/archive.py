"""Every byte received is kept: the archive by SHA-256, never overwritten; and the quarantine for people to look at."""

import hashlib
import re
from datetime import datetime
from pathlib import Path

from baocao.system.files import safe_name, write_atomically
from baocao.system.names import clean_name

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def digest(data: bytes) -> str:
    """The name of these bytes in the archive."""
    return hashlib.sha256(data).hexdigest()


def archive_path(home: Path, sha256: str, name: str) -> Path:
    """Where a file of this content lies; the extension is kept so that people can open it."""
    suffix = Path(name).suffix.lower()
    return home / "archive" / sha256[:2] / f"{sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


def keep(home: Path, data: bytes, sha256: str, name: str, *, durable: bool = True) -> Path:
    """Lay the bytes into the archive; the same content again changes nothing.

    Not ``durable``: the caller brings many files to the disk at once, before it relies on them.
    """
    path = archive_path(home, sha256, name)
    if not (path.is_file() and path.stat().st_size == len(data)):
        write_atomically(path, data, durable=durable)
    return path


def quarantine(home: Path, data: bytes, name: str, received_at: datetime, why: str) -> Path:
    """Lay a copy into the quarantine with a note beside it. Idempotent for the same content, name and moment."""
    stem = f"{received_at:%Y%m%dT%H%M%S}-{digest(data)[:8]}-{safe_name(clean_name(name))}"
    path = home / "quarantine" / stem
    write_atomically(path, data)
    write_atomically(path.with_name(f"{stem}.ghi-chu.txt"), f"{clean_name(name)}\n{why}\n".encode(errors="replace"))
    return path
