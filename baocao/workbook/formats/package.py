"""The zip package of an .xlsx, .xlsm, .xlsb or .ods workbook, opened within limits and looked at part by part."""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from baocao.domain.received.finding import Finding
from baocao.workbook import rules
from baocao.workbook.formats.biff import BrokenRecordsError, scan_binary_sheet
from baocao.workbook.formats.scan import CellStyles, Scan
from baocao.workbook.formats.sheetxml import UnsafeXmlError, scan_spreadsheet, scan_worksheet
from baocao.workbook.formats.unopened import unopened

MIB = 1 << 20
MAX_MEMBERS = 2_000
MAX_PART_BYTES = 48 * MIB
MAX_INFLATED_BYTES = 128 * MIB

_STORED, _DEFLATED = 0, 8
_LOCAL_HEADER = 30
_TEXT_PARTS = (".xml", ".rels", ".vml")
_XMLISH = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_ODD_CELL = re.compile(rb'<c(?! r=")[\s/>]')
_ADDRESS = rb'r="(?<= r=")'  # in this order, for a search goes by the signs that a pattern begins with
_FAR = re.compile(_ADDRESS + rb"(?:[A-Za-z]{3}|[A-Za-z]{0,2}[0-9]{5})")
_VERY_FAR = re.compile(_ADDRESS + rb"(?:[A-Za-z]{3}|[A-Za-z]{0,2}[0-9]{6})")
_WIDE = re.compile(_ADDRESS + rb"[A-Za-z]{2}[0-9]")
_MANY_BLANKS = re.compile(rb"text:c\s*=\s*[\"'][0-9]{5}")  # parsers write each of them out
_UNICODE = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class RefusedError(Exception):
    """The package must not be opened; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def unsafe(reason: str) -> RefusedError:
    """The package could harm."""
    return RefusedError(rules.FILE_UNSAFE.at(reason=reason))


def unreadable(reason: str, remedy: str | None = None) -> RefusedError:
    """The package is no whole workbook."""
    return RefusedError(rules.FILE_UNREADABLE.at(reason=reason, remedy=remedy))


def open_package(data: bytes) -> dict[str, bytes]:
    """The package's XML and binary sheet parts by name, inflated and found harmless, but for those no parser opens.

    Sizes are counted while inflating, of every part; what the package says of itself must agree.

    Raises:
        RefusedError: the package breaks a limit or a rule.
    """
    members = _members(data)
    parts: dict[str, bytes] = {}
    total = 0
    for member in members:
        content, size = _inflate(data, member, MAX_INFLATED_BYTES - total)
        total += size
        if content is not None:
            parts[_plain_name(member.filename)] = content
    aside = unopened(parts)
    kept = {name: content for name, content in parts.items() if name not in aside}
    for name, content in kept.items():
        _check_part(name, content)
    return kept


def with_plain_names(data: bytes) -> bytes:
    """The package with slashes in its members' names, where a careless program wrote backslashes; else as it is.

    To be called after :func:`open_package` found it harmless.
    """
    with ZipFile(BytesIO(data)) as package:
        if all(_plain_name(one.filename) == one.filename for one in package.infolist()):
            return data
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as plain:
            for one in package.infolist():
                plain.writestr(_plain_name(one.filename), package.read(one))
    return buffer.getvalue()


def _plain_name(name: str) -> str:
    return name.replace("\\", "/")


def _members(data: bytes) -> list[ZipInfo]:
    try:
        with ZipFile(BytesIO(data)) as package:
            members = package.infolist()
    except (BadZipFile, NotImplementedError, ValueError, struct.error, OSError, UnicodeDecodeError):
        raise unreadable("tệp hỏng hoặc chưa tải xong") from None
    if len(members) > MAX_MEMBERS:
        raise unsafe(f"gói tệp có {len(members)} phần, quá {MAX_MEMBERS}")
    if len({_plain_name(member.filename).casefold() for member in members}) < len(members):
        raise unsafe("gói tệp có hai phần trùng tên")
    if any(member.flag_bits & 0x1 for member in members):
        raise RefusedError(rules.FILE_ENCRYPTED.at())
    return members


def _inflate(data: bytes, member: ZipInfo, left: int) -> tuple[bytes | None, int]:
    """A member's bytes (None for pictures and the like, which are only counted) and their number."""
    raw = compressed(data, member)
    is_kept = _is_kept(member.filename)
    limit = min(MAX_PART_BYTES, left) if is_kept else left
    if member.compress_type == _STORED:
        content, size = raw, len(raw)
    else:
        content, size = _unzip(raw, limit, is_kept=is_kept)
    if size > limit:
        raise unsafe(f"phần “{member.filename}” khi giải nén quá lớn")
    if size != member.file_size:
        raise unsafe(f"phần “{member.filename}” khai sai kích thước")
    return content if is_kept else None, size


def compressed(data: bytes, member: ZipInfo) -> bytes:
    if member.compress_type not in (_STORED, _DEFLATED):
        raise unreadable("kiểu nén không dùng cho sổ tính")
    at = member.header_offset
    if data[at : at + 4] != b"PK\x03\x04":
        raise unreadable("tệp hỏng hoặc chưa tải xong")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + _LOCAL_HEADER + name + extra
    raw = data[start : start + member.compress_size]
    if len(raw) != member.compress_size:
        raise unreadable("tệp hỏng hoặc chưa tải xong")
    return raw


def _unzip(raw: bytes, limit: int, *, is_kept: bool) -> tuple[bytes, int]:
    """Inflate to at most one byte beyond the limit; what is not kept is counted in pieces."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        if is_kept:
            content = inflater.decompress(raw, limit + 1)
            return content, len(content)
        size = 0
        while raw and size <= limit and not inflater.eof:
            size += len(inflater.decompress(raw, MIB))
            raw = inflater.unconsumed_tail
        return b"", size
    except zlib.error:
        raise unreadable("tệp hỏng hoặc chưa tải xong") from None


def _is_kept(name: str) -> bool:
    lower = name.casefold()
    return lower.endswith(_TEXT_PARTS) or (lower.endswith(".bin") and "vba" not in lower)


def _check_part(name: str, content: bytes) -> None:
    if name.casefold().endswith(".bin"):
        return
    if content and (b"\0" in content or not _XMLISH.match(content)):
        raise unsafe(f"phần “{name}” không ở bảng mã UTF-8")
    encoding = _ENCODING.match(content[:256].removeprefix(b"\xef\xbb\xbf").lstrip())
    if encoding and encoding[1].decode("latin-1").casefold() not in _UNICODE:
        raise unsafe(f"phần “{name}” không ở bảng mã UTF-8")
    if _DECLARATION.search(content):
        raise unsafe(f"phần “{name}” có khai báo DOCTYPE hoặc thực thể")


def check_worksheet(name: str, content: bytes) -> None:
    """Refuse a worksheet whose cells reach too far.

    Nearly every sheet is passed by two searches; only one with far or unusually written addresses is parsed.

    Raises:
        RefusedError: a cell with a value is too far out, or the XML is broken.
    """
    is_usual = b"<worksheet" in content[:4096] and not _ODD_CELL.search(content)
    if is_usual and _is_near(content):
        return
    with _refusing_broken():
        scan = scan_worksheet(content)
    _check_extent(name, scan)


def _is_near(content: bytes) -> bool:
    """Whether no address lies beyond row 9,999 and column ZZ, or row 99,999 and column Z."""
    return not _FAR.search(content) or not (_VERY_FAR.search(content) or _WIDE.search(content))


def check_binary_sheet(name: str, content: bytes) -> None:
    """Refuse a sheet of an .xlsb workbook whose cells reach too far."""
    with _refusing_broken():
        scan = scan_binary_sheet(content, CellStyles())
    _check_extent(name, scan)


def scan_ods(content: bytes) -> dict[str, Scan]:
    """The sheets of an .ods workbook; refused where cells reach too far.

    Raises:
        RefusedError: a cell with a value is too far out, or the XML is broken.
    """
    if _MANY_BLANKS.search(content):
        raise unsafe("một ô có quá nhiều dấu cách")
    with _refusing_broken():
        scans = scan_spreadsheet(content)
    for name, scan in scans.items():
        _check_extent(name, scan)
    return scans


@contextmanager
def _refusing_broken() -> Iterator[None]:
    try:
        yield
    except UnsafeXmlError:
        raise unsafe("có khai báo DOCTYPE hoặc thực thể") from None
    except (expat.ExpatError, BrokenRecordsError, UnicodeDecodeError, struct.error):
        raise unreadable("một trang bên trong tệp bị hỏng") from None


def _check_extent(name: str, scan: Scan) -> None:
    if not scan.extent.is_sane:
        extent = scan.extent
        raise unsafe(f"trang “{name}” có ô ở tận dòng {extent.row + 1}, cột thứ {extent.column + 1}")
