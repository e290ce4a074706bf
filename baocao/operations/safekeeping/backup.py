"""Sao lưu: one file with the database and everything that it speaks of, made while flows run.

The database goes first. Every file is on the disk before the transaction that speaks of it commits, and is never
changed afterwards, so the files copied later are all that this state of the database knows, and perhaps a few more.
"""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from baocao.operations.safekeeping.disk import disk_explained
from baocao.operations.safekeeping.manifest import DATABASE, FOLDERS, FORMAT, HOME, NAME, PLAN, Entry, Manifest
from baocao.operations.safekeeping.references import referenced_files
from baocao.store.engine.database import current_revision, reading
from baocao.store.engine.dumping import DUMP_NAMES, dump, kind_of
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace

_LEVEL = 1  # workbooks, Word documents and pictures are packed already
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. ``missing``: files of which the database speaks and which the home has no more."""

    path: Path
    size: int
    files: int
    missing: tuple[str, ...]


def back_up(workspace: Workspace, target: Path, program: str, now: datetime) -> Backup:
    """Write a backup, readable by its owner only; whole or not at all. An existing file is never overwritten.

    ``target`` may be a folder: the file is then named after plan and moment (``now`` is aware). ``program`` is this
    program's version.

    Raises:
        UsageError: the target exists, or its folder does not.
        NotDueError: there is nothing to back up yet.
        OutsideServiceError: the database or the disk fails; nothing is left behind.
    """
    if target.is_dir():
        target /= f"baocao-{workspace.plan.code}-{workspace.local(now):%Y%m%dT%H%M%S}.tar.gz"
    _check_target(target)
    if not workspace.has_database:
        raise NotDueError(f"Chưa có dữ liệu nào trong {workspace.home} để sao lưu.")
    with reading(workspace.engine) as connection:
        referenced = referenced_files(connection)
    with (
        disk_explained(f"Không ghi được bản sao lưu {target}"),
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".sao-luu-") as folder,
    ):
        draft = Path(folder) / target.name
        files = _write(workspace, draft, Path(folder), program, now)
        draft.rename(target)
        _settle(target.parent)
    present = {name.removeprefix(f"{HOME}/") for name in files}
    return Backup(target, target.stat().st_size, len(files), tuple(sorted(referenced - present)))


def _check_target(target: Path) -> None:
    if target.exists():
        raise UsageError(f"Đã có tệp {target}; hãy chọn tên khác, bản sao lưu không ghi đè lên tệp nào.")
    if not target.parent.is_dir():
        raise UsageError(f"Không có thư mục {target.parent}; hãy tạo trước hoặc chọn nơi khác.")


def _write(workspace: Workspace, draft: Path, folder: Path, program: str, now: datetime) -> dict[str, Entry]:
    url = workspace.settings.database
    copy = folder / DUMP_NAMES[kind_of(url)]
    revision = current_revision(workspace.engine) or ""
    dump(url, copy)
    files: dict[str, Entry] = {}
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=_LEVEL, format=tarfile.PAX_FORMAT) as tar:
            database = f"{DATABASE}/{copy.name}"
            files[database] = _add(tar, copy, database)
            copy.unlink()
            for path, name in _kept(workspace):
                entry = _add_if_there(tar, path, name)
                if entry is not None:
                    files[name] = entry
            manifest = Manifest(
                format=FORMAT,
                program=program,
                plan=workspace.plan.code,
                made_at=now,
                kind=kind_of(url),
                database=database,
                revision=revision,
                files=files,
            )
            _add_bytes(tar, NAME, manifest.model_dump_json(indent=1).encode())
        raw.flush()
        os.fsync(raw.fileno())
    return files


def _kept(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    for name in FOLDERS:
        yield from _files_of(workspace.home / name, f"{HOME}/{name}")
    yield from _files_of(workspace.settings.plan_folder, PLAN)


def _files_of(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Plain files, not those that are being written (hidden ones) nor what a link leads to."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            if not file.startswith(".") and path.is_file() and not path.is_symlink():
                yield path, f"{name}/{path.relative_to(folder).as_posix()}"


def _add_if_there(tar: tarfile.TarFile, path: Path, name: str) -> Entry | None:
    """A draft may be replaced while we look at it; what the database speaks of never goes away."""
    try:
        return _add(tar, path, name)
    except FileNotFoundError:
        return None


def _add(tar: tarfile.TarFile, path: Path, name: str) -> Entry:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        described = tarfile.TarInfo(name)
        described.size, described.mtime, described.mode = status.st_size, status.st_mtime, _MODE
        hashed = _Hashing(file)
        tar.addfile(described, hashed)
    return Entry(sha256=hashed.digest.hexdigest(), size=status.st_size)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    described = tarfile.TarInfo(name)
    described.size, described.mode = len(data), _MODE
    tar.addfile(described, io.BytesIO(data))


class _Hashing(io.RawIOBase):
    """Reads a file and adds up its checksum, so that what is written down is what went into the backup."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _settle(folder: Path) -> None:
    """Bring the new name safely to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
