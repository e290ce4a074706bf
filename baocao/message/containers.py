"""What mail programs wrap files in, besides MIME: uuencode, S/MIME signatures, winmail.dat, Apple's double files."""

import binascii
import logging
import re
import struct
from collections.abc import Iterator

from asn1crypto import cms, pem
from tnefparse import TNEF

from baocao.system.names import clean

log = logging.getLogger(__name__)

File = tuple[str, bytes]
"""A name and what is in the file."""

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.MULTILINE)
_APPLE_SINGLE, _APPLE_DOUBLE = b"\x00\x05\x16\x00", b"\x00\x05\x16\x07"
_APPLE_HEAD, _APPLE_ENTRY, _DATA_FORK = 26, struct.Struct(">III"), 1
_MOST_FILES = 200


def uuencoded(text: bytes) -> Iterator[File]:
    """The files in a text, as mail programs wrote them before MIME; one without an end counts as far as it goes."""
    at = 0
    for _ in range(_MOST_FILES):
        begin = _BEGIN.search(text, at)
        if begin is None:
            return
        data, at = _uudecoded(text, begin.end())
        if data:
            yield clean(begin[1].decode("utf-8", "replace"), 300), data


def _uudecoded(text: bytes, start: int) -> tuple[bytes, int]:
    """The bytes of the lines from here to ``end``, and where that is."""
    found = bytearray()
    at = start
    while at < len(text):
        stop = text.find(b"\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip(b"\r")
        if line.strip() == b"end" or len(line) > 100:
            break
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            break
        at = stop + 1
    return bytes(found), at


def signed(data: bytes) -> bytes | None:
    """What an opaque S/MIME signature (RFC 8551, CMS) encloses; None where it is encrypted, or no such thing.

    The signature is not judged: who sent a message is told by our own mail server alone.
    """
    try:
        info = cms.ContentInfo.load(pem.unarmor(data)[2] if pem.detect(data) else data)
        if info["content_type"].native != "signed_data":
            return None
        content = info["content"]["encap_content_info"]["content"]
        return bytes(content) or None
    except Exception as error:  # noqa: BLE001 - the parser raises whatever it stumbles over; it costs this part only
        log.info("a signed part cannot be read: %s", type(error).__name__)
        return None


def winmail_files(data: bytes) -> list[File]:
    """What Outlook packed into its own format; a broken one holds nothing."""
    try:
        return [(clean(str(one.long_filename()), 300), bytes(one.data)) for one in TNEF(data).attachments]
    except Exception as error:  # noqa: BLE001 - the parser raises whatever it stumbles over; it costs this part only
        log.warning("a winmail.dat cannot be read: %s", type(error).__name__)
        return [("winmail.dat", b"")]


def without_fork(data: bytes) -> bytes:
    """A file as others than a Macintosh know it (RFC 1740): nothing of a resource fork, the data fork of a single."""
    if data.startswith(_APPLE_DOUBLE):
        return b""
    if not data.startswith(_APPLE_SINGLE) or len(data) < _APPLE_HEAD:
        return data
    count = min(int.from_bytes(data[24:26], "big"), 20)
    entries = data[_APPLE_HEAD : _APPLE_HEAD + count * _APPLE_ENTRY.size]
    entries = entries[: len(entries) // _APPLE_ENTRY.size * _APPLE_ENTRY.size]
    forks = (data[at : at + size] for kind, at, size in _APPLE_ENTRY.iter_unpack(entries) if kind == _DATA_FORK)
    return next(forks, b"")
