"""Files that stand in a text itself: uuencoded or in base64 (POSIX ``begin-base64``, or pasted bare), quoted or not."""

import binascii
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baocao.system.names import clean

File = tuple[str, bytes]
"""A name and what is in the file; empty where its code is spoilt."""

_QUOTE = rb"((?:>[ \t]?){0,20})"
_BEGIN = re.compile(rb"^" + _QUOTE + rb"begin(-base64|-b64)? [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.MULTILINE)
_BARE = re.compile(rb"^" + _QUOTE + rb"(?=(?:UEsDB|0M8R4KGx)[A-Za-z0-9+/=]{20})", re.MULTILINE)
_NAME = re.compile(rb"\.(?:xls[xmb]?|ods|zip|rar|7z|eml|p7m|pdf|docx?)\s*$", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BREAK, _TAG = re.compile(rb"<(?:br|/p|/div)\b[^<>]{0,300}>", re.IGNORECASE), re.compile(rb"<[^<>]{0,2000}>")
_LONGEST_LINE = 100
_LONGEST_BASE64_LINE = 1_000
_MOST_FILES = 200
_MOST_TIMES = 3


def coded_files(text: bytes, *, is_html: bool = False) -> Iterator[File]:
    """The files in a text, as mail programs wrote them before MIME, or as a forward by hand leaves them.

    One without an end counts as far as it goes. A spoilt one is given by its name alone.
    """
    text = _plain(text) if is_html else text
    found = list(_begun(text))
    yield from found or (("", _from_base64(lines)) for _, lines in _blocks(_BARE, text))


def _plain(page: bytes) -> bytes:
    return html.unescape(_TAG.sub(b"", _BREAK.sub(b"\n", page)).decode("utf-8", "replace")).encode()


@dataclass
class _Lines:
    """The lines from ``at`` on without the signs of a quotation, as long as they are quoted like this.

    ``at`` moves on behind each line that was used.
    """

    text: bytes
    at: int
    quote: bytes

    def __iter__(self) -> Iterator[bytes]:
        while self.at < len(self.text):
            stop = self.text.find(b"\n", self.at)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[self.at : stop].rstrip(b"\r")
            if not line.startswith(self.quote.rstrip()):
                return
            yield line[len(self.quote) :]
            self.at = stop + 1


def _blocks(pattern: re.Pattern[bytes], text: bytes) -> Iterator[tuple[re.Match[bytes], _Lines]]:
    at = 0
    for _ in range(_MOST_FILES):
        begin = pattern.search(text, at)
        if begin is None:
            return
        lines = _Lines(text, begin.end() if pattern is _BEGIN else begin.start(), begin[1])
        yield begin, lines
        at = max(lines.at, begin.end(), begin.start() + 1)


def _begun(text: bytes) -> Iterator[File]:
    for begin, lines in _blocks(_BEGIN, text):
        data = _from_base64(lines) if begin[2] else _uudecoded(lines)
        if data or _NAME.search(begin[3]):
            yield clean(begin[3].decode("utf-8", "replace"), 300), data


def _uudecoded(lines: Iterable[bytes]) -> bytes:
    found = bytearray()
    for line in lines:
        if line.strip() in (b"", b"end") or len(line) > _LONGEST_LINE:
            break
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            break
    return bytes(found)


def _from_base64(lines: Iterable[bytes]) -> bytes:
    code = bytearray()
    for line in lines:
        if len(line) > _LONGEST_BASE64_LINE or not _BASE64.fullmatch(line.strip()):
            break
        code += line.strip()
    whole = bytes(code).rstrip(b"=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    try:
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return b""


def unencoded(data: bytes) -> bytes:
    """A file that was put into base64 once more than its message says; any other as it is."""
    for _ in range(_MOST_TIMES):
        code = b"".join(data.split()) if data[:1].isalnum() else b""
        if not _BASE64.fullmatch(code) or len(code) % 4:
            return data
        data = binascii.a2b_base64(code)
    return data
