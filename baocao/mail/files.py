"""The .eml files of the outbox: whole or not at all."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from baocao.system.files import brought_to_disk, write_atomically


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files under the folder, each whole or not at all, and bring them safely to the disk.

    Raises:
        OutsideServiceError: the disk refuses.
    """
    with brought_to_disk(len(contents)) as durable:
        for name, content in contents.items():
            write_atomically(folder / name, content, durable=durable)


def read_checked(path: Path, sha256: str) -> bytes | None:
    """A message as it was written down; None where the file is gone or no longer the same."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
