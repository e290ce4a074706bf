"""Writing files and folders so that a kill or a full disk leaves no half file and no half folder."""

import errno
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from baocao.system.errors import OutsideServiceError, reason_of
from baocao.system.exchange import exchange

_UNSAFE = re.compile(r"[^\w.\-]+", re.UNICODE)
_LONGEST_NAME = 150
_STALE_SECONDS = 3600
_FEW = 32


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
            f"Không ghi được {path}: {reason_of(error)}. Hãy kiểm tra dung lượng và quyền ghi của đĩa rồi chạy lại."
        ) from error


@contextmanager
def brought_to_disk(count: int) -> Iterator[bool]:
    """Gives ``durable`` for the writing of so many files, which are safely on the disk when the block ends.

    A few are synchronised one by one; many by one call for the whole system, which is far cheaper.
    """
    is_few = count <= _FEW
    yield is_few
    if not is_few:
        os.sync()


def write_folder(folder: Path, contents: Mapping[str, bytes], what: str, *, durable: bool = True) -> None:
    """Write files by their names within the folder (``bieu-do/chi-tieu.png``): there in full or not at all.

    They are written beside the folder and moved into place at the end. Called again, it replaces what is there.
    ``what`` names it in the error's message («báo cáo»).

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        beside = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        try:
            for name, content in contents.items():
                write_atomically(beside / "new" / name, content, durable=durable)
            _swap(beside / "new", folder, beside)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise OutsideServiceError(
            f"Không ghi được {what} vào {folder}: {reason_of(error)}. "
            "Hãy kiểm tra dung lượng và quyền ghi của đĩa rồi chạy lại."
        ) from error


def _prefix(folder: Path) -> str:
    return f".{folder.name}."


def _swap(new: Path, folder: Path, beside: Path) -> None:
    """Put the new folder in the old one's place, even where another run does the same at the same time.

    In one step where the disk can do that: whoever reads meanwhile finds the old folder or the new one, whole.
    """
    for attempt in count():
        try:
            new.rename(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
        if exchange(new, folder):
            return
        with suppress(FileNotFoundError):
            folder.rename(beside / f"old-{attempt}")


def _sweep(folder: Path) -> None:
    """Remove what a killed run left beside the folder long ago."""
    for left in folder.parent.glob(f"{_prefix(folder)}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file name that is safe on any disk: NFC, letters, digits, dot, dash; never hidden, never a path.

    At most 150 bytes: a Vietnamese letter takes up to three of the 255 that a disk allows.
    """
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))
    end = cleaned.encode(errors="ignore")[-_LONGEST_NAME:].decode(errors="ignore")
    return end.strip("._ ") or "tep"
