"""Writing files so that a kill or a full disk leaves no half file."""

import os
import re
import tempfile
import unicodedata
from pathlib import Path

from baocao.errors import OutsideServiceError

_UNSAFE = re.compile(r"[^\w.\-]+", re.UNICODE)


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write the file whole or not at all; readable by its owner and group only.

    Raises:
        OutsideServiceError: the disk refused (full, read-only); nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(name).chmod(0o640)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutsideServiceError(
            f"Không ghi được {path}: {error.strerror}. Hãy kiểm tra dung lượng và quyền ghi của đĩa rồi chạy lại."
        ) from error


def safe_name(name: str, limit: int = 120) -> str:
    """A file name that is safe on any disk: NFC, letters, digits, dot, dash; never hidden, never a path."""
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip("._ ")
    return cleaned[-limit:] or "tep"
