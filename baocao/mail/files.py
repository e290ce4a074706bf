"""The .eml files of the outbox: whole or not at all."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from baocao.files import write_atomically

_FEW = 32


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files under the folder, each whole or not at all, and bring them safely to the disk.

    A few are synchronised one by one; many by one call for the whole system, which is far cheaper.

    Raises:
        OutsideServiceError: the disk refuses.
    """
    is_few = len(contents) <= _FEW
    for name, content in contents.items():
        write_atomically(folder / name, content, durable=is_few)
    if not is_few:
        os.sync()


def read_checked(path: Path, sha256: str) -> bytes | None:
    """A message as it was written down; None where the file is gone or no longer the same."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
