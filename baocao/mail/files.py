"""The .eml files of the outbox: whole or not at all."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from baocao.errors import OutsideServiceError

_FEW = 32


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files under the folder, each by a temporary name and a rename, and bring them safely to the disk.

    A few are synchronised one by one; many by one call for the whole system, which is far cheaper.

    Raises:
        OutsideServiceError: the disk refuses; no file is left half written.
    """
    partials: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            partials[path] = path.with_name(f".{path.name}.tmp")
            _write(partials[path], content, is_synced=len(contents) <= _FEW)
        if len(contents) > _FEW:
            os.sync()
        for path, partial in partials.items():
            partial.replace(path)
    except OSError as error:
        for partial in partials.values():
            partial.unlink(missing_ok=True)
        raise OutsideServiceError(
            f"Không ghi được thư vào {folder}: {error.strerror}. Hãy kiểm tra dung lượng và quyền ghi rồi chạy lại."
        ) from error


def _write(path: Path, content: bytes, *, is_synced: bool) -> None:
    with path.open("wb") as file:
        file.write(content)
        if is_synced:
            file.flush()
            os.fsync(file.fileno())


def read_checked(path: Path, sha256: str) -> bytes | None:
    """A message as it was written down; None where the file is gone or no longer the same."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
