"""Workbooks encrypted with Excel's default password: an .xlsx by msoffcrypto, an .xls by RC4 written out here."""

import struct
from hashlib import md5
from io import BytesIO
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4
from xlrd.compdoc import CompDoc

from support.workbooks import hostile

PASSWORD = "VelvetSweatshop"
_BOF, _SHEET, _FILEPASS = 0x0809, 0x0085, 0x002F
_SALT, _VERIFIER = bytes(range(16)), bytes(range(16, 32))


def locked_xlsx(data: bytes, password: str = PASSWORD) -> bytes:
    """The package encrypted as Excel encrypts it today."""
    locked = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, locked)
    return locked.getvalue()


def locked_xls(path: Path) -> bytes:
    """The workbook stream of an .xls encrypted with RC4 ([MS-XLS] 2.2.10): all but the heads of its records."""
    stream = CompDoc(path.read_bytes()).get_named_stream("Workbook")
    digest = md5(_VERIFIER, usedforsecurity=False).digest()
    check = DocumentRC4.decrypt(PASSWORD, _SALT, BytesIO(_VERIFIER + digest), blocksize=1024).read()
    filepass = struct.pack("<HHH", 1, 1, 1) + _SALT + check
    plain, open_places = bytearray(), []
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = bytearray(stream[at + 4 : at + 4 + size])
        if kind == _SHEET:
            struct.pack_into("<I", body, 0, struct.unpack_from("<I", body)[0] + 4 + len(filepass))
        open_size = {_BOF: size, _SHEET: 4}.get(kind, 0)
        open_places.append((len(plain), 4 + open_size))
        plain += struct.pack("<HH", kind, size) + body
        if at == 0:
            open_places.append((len(plain), 4 + len(filepass)))
            plain += struct.pack("<HH", _FILEPASS, len(filepass)) + filepass
        at += 4 + size
        if kind == 0x000A and at == len(stream.rstrip(b"\0")) + 4:
            break
    masked = bytearray(plain)
    locked = bytearray(DocumentRC4.decrypt(PASSWORD, _SALT, BytesIO(bytes(masked)), blocksize=1024).read())
    for start, length in open_places:
        locked[start : start + length] = plain[start : start + length]
    return hostile.compound(bytes(locked))
