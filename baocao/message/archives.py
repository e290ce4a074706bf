"""Zip archives in messages, opened within the limits of :mod:`baocao.workbook.formats.guard`."""

import logging
import zlib
from collections.abc import Callable, Collection
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from baocao.system.names import clean
from baocao.workbook.formats.guard import MAX_FILE_BYTES
from baocao.workbook.formats.package import MAX_MEMBERS

log = logging.getLogger(__name__)

ZIP = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LITTER = ("~$", ".")
_FAULTS = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
Spend = Callable[[int], None]
"""Is told how many bytes are about to be kept, and stops everything by an error of its own."""


def unzipped(name: str, data: bytes, suffixes: Collection[str], spend: Spend) -> list[tuple[str, bytes]] | None:
    """The archive's files: inflated where their extension is one of these, everything else by name only.

    None where it is damaged, encrypted or breaks a limit.
    """
    try:
        with _opened(data) as archive:
            return _members(archive, suffixes, spend)
    except _FAULTS as error:
        log.info("an attached archive cannot be opened: %r: %s", name, error)
        return None


def member_names(data: bytes) -> frozenset[str]:
    """The names in an archive, in small letters; none where it cannot be opened."""
    try:
        with _opened(data) as archive:
            return frozenset(name.lower() for name in archive.namelist())
    except _FAULTS:
        return frozenset()


def _opened(data: bytes) -> ZipFile:
    """The archive.

    Raises:
        ValueError: its directory is so long that merely reading it takes its time. Others: it is damaged.
    """
    if data.count(_DIRECTORY_ENTRY) > 2 * MAX_MEMBERS:
        raise ValueError("too many members")
    return ZipFile(BytesIO(data))


def _members(archive: ZipFile, suffixes: Collection[str], spend: Spend) -> list[tuple[str, bytes]]:
    """Raises: ValueError: it breaks a limit. RuntimeError: it is encrypted. Others: it is damaged."""
    entries = [one for one in archive.infolist() if not one.is_dir() and not _base_name(one).startswith(_LITTER)]
    if len(entries) > MAX_MEMBERS:
        raise ValueError(f"{len(entries)} members")
    found = []
    for entry in entries:
        name = _base_name(entry)
        data = _inflated(archive, entry) if PurePosixPath(name.lower()).suffix in suffixes else b""
        spend(len(data))
        found.append((name, data))
    return found


def _inflated(archive: ZipFile, entry: ZipInfo) -> bytes:
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotImplementedError("compression")
    with archive.open(entry) as member:
        data = member.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ValueError(f"more than {MAX_FILE_BYTES} bytes")
    return data


def _base_name(entry: ZipInfo) -> str:
    """The name without folders; Vietnamese names are UTF-8 in fact where the archive does not say what they are."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except ValueError:
            name = entry.filename
    return clean(name.replace("\\", "/").rpartition("/")[2], 300)
