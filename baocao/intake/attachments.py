"""The workbooks in a message: attached, zipped, in a winmail.dat or in a forwarded message."""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from baocao.intake.message import Incoming, Part, clean, content, file_name
from baocao.store.archive import digest
from baocao.workbook.formats.package import MAX_INFLATED_BYTES, MAX_MEMBERS
from baocao.workbook.guard import MAX_FILE_BYTES

log = logging.getLogger(__name__)

_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEETS = ("xl/workbook.xml", "xl/workbook.bin")
_OFFICE = ("[content_types].xml", "mimetype")
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_LITTER = ("~$", ".")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The name's extension in small letters."""
        return PurePosixPath(self.name.lower()).suffix


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a message, in their order: the workbooks, each content once, and the names of all others."""

    workbooks: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()


NOTHING = Found()


def find_workbooks(message: Incoming) -> Found:
    """Everything in a message that is a workbook or is named like one; never raises.

    An archive that cannot be opened within the limits of :mod:`baocao.workbook.guard` stands for the workbooks that
    it may hold where the message has no other, so that its sender is told what is wrong with it.
    """
    workbooks: dict[str, Attachment] = {}
    closed: dict[str, Attachment] = {}
    others: list[str] = []
    for one in _files(message):
        inner = _unpacked(one)
        if inner is None:
            closed.setdefault(digest(one.data), one)
            continue
        for file in inner:
            if _is_workbook(file):
                workbooks.setdefault(digest(file.data), file)
            elif file.name:
                others.append(file.name)
    if not workbooks:
        return Found(tuple(closed.values()), tuple(others))
    return Found(tuple(workbooks.values()), (*others, *(one.name for one in closed.values())))


def _files(message: Incoming) -> Iterator[Attachment]:
    for part in message.parts():
        name, data = file_name(part), content(part)
        if part.get_content_type() in _TNEF_TYPES or name.lower() == "winmail.dat":
            yield from _winmail_files(data)
        elif not _is_decoration(part, name):
            yield Attachment(name or _name_of_content(data), data)


def _is_decoration(part: Part, name: str) -> bool:
    """A picture in the text, or the text itself."""
    kind = part.get_content_maintype()
    return (kind == "image" and "content-id" in part) or (kind == "text" and not name)


def _name_of_content(data: bytes) -> str:
    kinds = {_ZIP: "tep-dinh-kem.xlsx", _OLE: "tep-dinh-kem.xls"}
    return kinds.get(data[: len(_ZIP)], kinds.get(data[: len(_OLE)], ""))


def _winmail_files(data: bytes) -> Iterator[Attachment]:
    """What Outlook packed into its own format; a broken one holds nothing."""
    from tnefparse import TNEF

    try:
        files = [(clean(str(one.long_filename()), 300), bytes(one.data)) for one in TNEF(data).attachments]
    except Exception as error:  # noqa: BLE001 - the parser raises whatever it stumbles over; it costs this part only
        log.warning("a winmail.dat cannot be read: %s", type(error).__name__)
        files = [("winmail.dat", b"")]
    return (Attachment(name, content) for name, content in files)


def _is_workbook(file: Attachment) -> bool:
    if not file.data:
        return False
    if file.suffix in _SUFFIXES:
        return True
    if file.data.startswith(_ZIP):
        names = _member_names(file.data)
        return any(name in names for name in _SPREADSHEETS) or b"opendocument.spreadsheet" in file.data[:100]
    return file.data.startswith(_OLE) and "Workbook".encode("utf-16-le") in file.data


def _unpacked(file: Attachment) -> list[Attachment] | None:
    """The file itself, or the files in it where it is an archive; None where that cannot be opened."""
    if (
        not file.data.startswith(_ZIP)
        or file.suffix in _SUFFIXES
        or any(one in _member_names(file.data) for one in _OFFICE)
    ):
        return [file]
    try:
        with ZipFile(BytesIO(file.data)) as archive:
            return _members(archive)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        log.info("an attached archive cannot be opened: %r: %s", file.name, error)
        return None


def _members(archive: ZipFile) -> list[Attachment]:
    """The archive's workbooks, inflated within limits; everything else by name only.

    Raises:
        ValueError: it breaks a limit. RuntimeError: it is encrypted. Others: it is damaged.
    """
    entries = [one for one in archive.infolist() if not one.is_dir() and not _base_name(one).startswith(_LITTER)]
    if len(entries) > MAX_MEMBERS:
        raise ValueError(f"{len(entries)} members")
    found, left = [], MAX_INFLATED_BYTES
    for entry in entries:
        name = _base_name(entry)
        data = _inflated(archive, entry, left) if PurePosixPath(name.lower()).suffix in _SUFFIXES else b""
        left -= len(data)
        found.append(Attachment(name, data))
    return found


def _inflated(archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    limit = min(MAX_FILE_BYTES, left)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotImplementedError("compression")
    with archive.open(entry) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"more than {limit} bytes")
    return data


def _base_name(entry: ZipInfo) -> str:
    """The name without folders; Vietnamese names are UTF-8 in fact where the archive does not say what they are."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except ValueError:
            name = entry.filename
    return clean(name.rpartition("/")[2], 300)


def _member_names(data: bytes) -> frozenset[str]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return frozenset(name.lower() for name in archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()
