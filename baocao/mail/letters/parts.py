"""The parts of a message and how they are put together (RFC 2045, 2046), byte by byte as the standard library does it.

The library parses every header that it is given, splits every body into lines twice and looks for its parts again:
some four times the processor time. ``unit/test_compose_alike.py`` holds these bytes against the library's.
"""

import re
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass

from baocao.mail.letters.headers import attachment_line, library_line, plain_line

_MIME_VERSION = "MIME-Version: 1.0\r\n"
_BASE64 = "Content-Transfer-Encoding: base64\r\n"
_LINES = re.compile(b".{1,76}")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part's headers say of its content, and the content as it is sent. In 7 bits, with CRLF line ends."""

    headers: str
    body: bytes
    has_parts: bool = False

    def bare(self) -> bytes:
        """The part as it stands first among several."""
        return self._under(self.headers)

    def versioned(self, before: str = "") -> bytes:
        """The part with MIME-Version, where the library puts it, and further headers before it."""
        own = (_MIME_VERSION, self.headers) if self.has_parts else (self.headers, _MIME_VERSION)
        return self._under(before + "".join(own))

    def _under(self, headers: str) -> bytes:
        return f"{headers}\r\n".encode("ascii") + self.body


def text_part(text: str, subtype: str) -> Part:
    """A text in UTF-8."""
    content = b"\r\n".join(text.encode().splitlines()) + b"\r\n"
    return Part(f'Content-Type: text/{subtype}; charset="utf-8"\r\n{_BASE64}', _in_base64(content))


def image_part(identifier: str, image: bytes) -> Part:
    """A PNG that the HTML beside it shows by its content id (``<…>``)."""
    shown = "Content-Disposition: inline\r\n" + plain_line("Content-ID", identifier)
    return Part(f"Content-Type: image/png\r\n{_BASE64}{shown}", _in_base64(image))


def file_part(name: str, content: bytes, mime: str) -> Part:
    """An attached file of a media type."""
    return Part(library_line("Content-Type", mime) + _BASE64 + attachment_line(name), _in_base64(content))


def joined(subtype: str, boundary: str, parts: Sequence[bytes]) -> Part:
    """Several parts, each with its headers, as one; ``boundary`` has a sign that base64 lacks."""
    opening, closing = f"--{boundary}\r\n".encode("ascii"), f"\r\n--{boundary}--\r\n".encode("ascii")
    body = opening + (b"\r\n" + opening).join(parts) + closing
    return Part(f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n', body, has_parts=True)


def _in_base64(content: bytes) -> bytes:
    return b"\r\n".join([*_LINES.findall(b2a_base64(content, newline=False)), b""])
