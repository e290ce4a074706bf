"""What mail programs wrap files in, besides MIME: S/MIME signatures, winmail.dat, Apple's double files."""

import logging
import struct

from asn1crypto import cms, pem
from tnefparse import TNEF

from baocao.message.coded_text import File
from baocao.system.names import clean

log = logging.getLogger(__name__)

_APPLE_SINGLE, _APPLE_DOUBLE = b"\x00\x05\x16\x00", b"\x00\x05\x16\x07"
_APPLE_HEAD, _APPLE_ENTRY, _DATA_FORK = 26, struct.Struct(">III"), 1


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
