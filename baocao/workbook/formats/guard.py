"""Looking at a file before any parser opens it: what it is, whether it is whole, and whether it could harm.

Cheap for good files: the package is inflated once, and searched rather than parsed. It is the first of two walls;
the other is the reader process (``process``), in which this runs, too.
"""

import stat
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from pathlib import Path

from xlrd.compdoc import CompDoc, CompDocError

from baocao.workbook import rules
from baocao.workbook.formats.biff import Biff8, BrokenRecordsError, walk_biff8
from baocao.workbook.formats.default_password import opened
from baocao.workbook.formats.package import (
    MIB,
    RefusedError,
    check_binary_sheet,
    check_worksheet,
    open_package,
    scan_ods,
    unreadable,
    unsafe,
    with_plain_names,
)
from baocao.workbook.formats.scan import Scan

MAX_FILE_BYTES = 25 * MIB
SPOILT = (LookupError, ValueError, ArithmeticError, RecursionError, TypeError, struct.error)
"""What xlrd raises for compound documents that do not hold together, besides its own."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "đây là tệp PDF, không phải sổ tính",
    b"\x89PNG": "đây là tệp ảnh, không phải sổ tính",
    b"\xff\xd8\xff": "đây là tệp ảnh, không phải sổ tính",
    b"GIF8": "đây là tệp ảnh, không phải sổ tính",
    b"Rar!": "đây là tệp nén, không phải sổ tính",
    b"7z\xbc\xaf": "đây là tệp nén, không phải sổ tính",
    b"{\\rtf": "đây là tệp văn bản, không phải sổ tính",
    b"<": "đây là trang web hoặc tệp XML, không phải sổ tính",
}


DOCUMENT_REMEDY = (
    "Số liệu chỉ nhận theo biểu mẫu Excel: xin điền vào biểu mẫu hệ thống gửi kèm rồi gửi lại tệp đó; "
    "tệp Word, PDF hay ảnh chỉ để đối chiếu."
)
"""What is said about a document in place of a workbook; the unit's form goes with the answer."""
_DOCUMENTS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")


class Kind(StrEnum):
    """A workbook's format, by its content; an .xlsm counts as .xlsx."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"


@dataclass(frozen=True, slots=True)
class Examined:
    """A workbook that may be opened, with what was seen on the way.

    ``parts``: the package's XML and binary parts. ``scans``: the sheets of an .ods by name. ``biff``: of an .xls.
    """

    data: bytes
    kind: Kind
    parts: dict[str, bytes] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)
    biff: Biff8 = field(default_factory=Biff8)


def load(path: Path) -> bytes:
    """The bytes of a regular file of a sane size.

    Raises:
        RefusedError: it is a pipe, a device or a folder, or too large. OSError: it cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise unreadable("đây không phải là tệp thường")
    if status.st_size > MAX_FILE_BYTES:
        raise unsafe(f"tệp lớn hơn {MAX_FILE_BYTES // MIB} MB")
    return path.read_bytes()


def examine(data: bytes) -> Examined:
    """Find the workbook's format by its content and look through it within limits.

    Raises:
        RefusedError: it must not be opened; carries the finding.
    """
    if data.startswith(_ZIP):
        return _examine_package(data)
    if data.startswith(_OLE):
        return _examine_ole(data)
    if not data:
        raise unreadable("tệp rỗng")
    start = data.lstrip()
    reason = next((reason for magic, reason in _OTHERS.items() if start.startswith(magic)), None)
    remedy = DOCUMENT_REMEDY if start.startswith(_DOCUMENTS) else None
    raise unreadable(reason or "nội dung không phải là sổ tính Excel hay LibreOffice", remedy)


def is_word(data: bytes) -> bool:
    """Whether it is a Word document (.docx) that may be opened.

    Raises:
        RefusedError: it is a package that must not be opened.
    """
    return data.startswith(_ZIP) and "word/document.xml" in open_package(data)


def _examine_package(data: bytes) -> Examined:
    parts = open_package(data)
    data = with_plain_names(data)
    names = {name.casefold(): name for name in parts}
    if "xl/workbook.xml" in names:
        for name, content in parts.items():
            if name.endswith(".xml") and b"worksheet" in content[:4096]:
                check_worksheet(name, content)
        return Examined(data, Kind.XLSX, parts)
    if "xl/workbook.bin" in names:
        for name, content in parts.items():
            if "worksheets/" in name and name.endswith(".bin"):
                check_binary_sheet(name, content)
        return Examined(data, Kind.XLSB, parts)
    return _examine_ods(data, parts)


def _examine_ods(data: bytes, parts: dict[str, bytes]) -> Examined:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise RefusedError(rules.FILE_ENCRYPTED.at())
    content = parts.get("content.xml")
    if content is not None and b"<office:spreadsheet" in content:
        return Examined(data, Kind.ODS, parts, scans=scan_ods(content))
    if content is not None or "word/document.xml" in parts:
        raise unreadable("đây là tệp văn bản Word, không phải sổ tính", DOCUMENT_REMEDY)
    raise unreadable("đây là tệp nén, không phải sổ tính")


def _examine_ole(data: bytes) -> Examined:
    try:
        return _examine_xls(data)
    except RefusedError as refusal:
        plain = opened(data) if refusal.finding.rule == rules.FILE_ENCRYPTED.name else None
        if plain is None:
            raise
    return _examine_package(plain) if plain.startswith(_ZIP) else _examine_xls(plain)


def _examine_xls(data: bytes) -> Examined:
    stream = _workbook_stream(data)
    try:
        biff = walk_biff8(stream)
    except BrokenRecordsError:
        raise unreadable("tệp hỏng hoặc chưa tải xong") from None
    if biff.is_encrypted:
        raise RefusedError(rules.FILE_ENCRYPTED.at())
    if not biff.is_sane:
        raise unsafe("có ô nằm quá xa vùng số liệu")
    return Examined(data, Kind.XLS, biff=biff)


def _workbook_stream(data: bytes) -> bytes:
    try:
        document = CompDoc(data, logfile=StringIO())
        if document.get_named_stream("EncryptedPackage") is not None:
            raise RefusedError(rules.FILE_ENCRYPTED.at())
        stream = document.get_named_stream("Workbook") or document.get_named_stream("Book")
    except (CompDocError, AssertionError, *SPOILT):
        raise unreadable("tệp hỏng hoặc chưa tải xong") from None
    if stream is None:
        raise unreadable("đây không phải là sổ tính Excel")
    return bytes(stream)
