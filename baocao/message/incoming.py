"""One received message as values, however badly it was made: who it says sent it, what it answers, what it is.

Parsed leniently: header bytes that are no ASCII are taken as UTF-8, unknown charsets are replaced. Headers are cut
before anything looks into them, because the standard library takes hours over some of a megabyte.
Every text is fit to be stored and shown: NFC, one line, no control characters.
"""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from baocao.system.names import clean

Part: TypeAlias = "Message[str, str]"

_ADDRESS = re.compile(r"[^\s<>()@,;:\"\\]+@[a-z0-9.-]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_MOST_REFERENCES = 20
MOST_PARTS = 2_000
_MOST_DEPTH = 250
HEADER_BYTES = 128 << 10
_MOST_BARE_ENDS = 200_000  # the parser takes a second for a million lines of one sign; no mail server lets them be
_MOST_STATUS_BLOCKS = 5_000  # each is a message of its own to the parser
_STATUS = re.compile(rb"message/(?:global-)?delivery-status", re.IGNORECASE)
_LONGEST_FIELD = 16_384
_LONGEST_SENDER = 2_000
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")
_WORD, _COMMENT = re.compile(r"[a-z0-9-]+"), re.compile(r"\([^()]*\)")
_SPELLINGS = {"base-64": "base64", "b64": "base64", "quotedprintable": "quoted-printable", "uuencode": "x-uuencode"}
_ENCODINGS = frozenset({"base64", "quoted-printable", "x-uuencode"})
_WITHOUT_CONTENT = frozenset({"message/partial", "message/external-body"})
_WORKBOOKS_IN_BASE64 = (b"UEsDB", b"0M8R4KGx")
_LISTS = ("list-id", "list-unsubscribe", "list-post", "mailing-list")
_ROBOTS = ("x-autoreply", "x-autorespond", "x-autoresponder")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})


class TooMuchError(Exception):
    """A message with more in it than anybody sends: headers, parts, nests or bytes."""


class Author(StrEnum):
    """Who writes: only a person is ever answered."""

    PERSON = "person"
    SERVER = "server"  # a failure notice or another word of a mail server
    ROBOT = "robot"  # an absence notice, a mailing list


class _Lenient(Compat32):
    """Headers as plain text; the standard library's own would hide raw Vietnamese behind question marks."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_thread = name.lower() == "references"  # of which the end is what counts
        return name, value[-_LONGEST_FIELD:] if is_thread else value[:_LONGEST_FIELD]

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ARG002
        return value.encode("ascii", "surrogateescape").decode("utf-8", "replace") if not value.isascii() else value


@dataclass(frozen=True)
class Incoming:
    """A message as it came: ``raw`` is its very bytes.

    Raises, where it is looked into:
        TooMuchError: it has too many headers or parts, or they are nested too deep.
    """

    raw: bytes

    @cached_property
    def root(self) -> Part:
        """The parsed message."""
        return parsed(self.raw)

    @cached_property
    def sender(self) -> str:
        """The one address that the message says it is from, in small letters; empty where it names none or several.

        Programs read doubtful headers differently, so one with more than one ``@`` names nobody.
        """
        headers = [str(one) for one in self.root.get_all("from", [])]
        is_short = len(headers) == 1 and len(headers[0]) <= _LONGEST_SENDER
        is_plain = is_short and _QUOTED.sub("", headers[0]).count("@") == 1
        found = getaddresses(headers) if is_plain else []
        address = clean(found[0][1], 254).lower() if len(found) == 1 else ""
        return address if _ADDRESS.fullmatch(address) else ""

    @property
    def message_id(self) -> str | None:
        """Its own id, where it has a usable one."""
        return next(iter(self.ids("message-id")), None)

    @property
    def references(self) -> tuple[str, ...]:
        """What an answer's References must name, in order: the thread so far and this message; the newest are kept."""
        before = dict.fromkeys((*self.ids("references"), *self.ids("in-reply-to")[:1]))
        own = (self.message_id,) if self.message_id else ()
        return (*(one for one in before if one not in own), *own)[-_MOST_REFERENCES:]

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return decoded(self.header("subject"), 250)

    def ids(self, header: str) -> tuple[str, ...]:
        """The message ids in a header, each once."""
        return tuple(dict.fromkeys(_MESSAGE_ID.findall(self.header(header))))

    def header(self, name: str) -> str:
        """The first header of this name as it stands; empty where there is none."""
        return str(self.root.get(name, ""))

    @property
    def author(self) -> Author:
        """Whether a person wrote it (RFC 3834, section 2; RFC 3464)."""
        if self._is_of_a_server:
            return Author.SERVER
        return Author.ROBOT if self._is_of_a_robot else Author.PERSON

    @property
    def _is_of_a_server(self) -> bool:
        has_no_sender = "return-path" in self.root and not self.header("return-path").strip().strip("<>").strip()
        is_daemon = self.sender.partition("@")[0] in _DAEMONS
        return has_no_sender or is_daemon or self.root.get_content_type() == "multipart/report"

    @property
    def _is_of_a_robot(self) -> bool:
        submitted = self.header("auto-submitted").partition(";")[0].strip().lower()
        is_bulk = self.header("precedence").strip().lower() in _BULK
        return submitted not in ("", "no") or is_bulk or any(name in self.root for name in (*_LISTS, *_ROBOTS))

    def parts(self) -> Iterator[Part]:
        """The parts that hold something, in order, also those of forwarded messages."""
        stack: list[tuple[Part, int]] = [(self.root, 0)]
        for _ in range(MOST_PARTS):
            if not stack:
                return
            part, depth = stack.pop()
            inner = parts_of(part)
            if inner is None:
                yield part
            elif depth < _MOST_DEPTH:
                stack += [(one, depth + 1) for one in reversed(inner)]
            else:
                raise TooMuchError("nested too deep")
        if stack:
            raise TooMuchError("too many parts")

    @property
    def is_broken(self) -> bool:
        """Whether a part says that it is made of parts and cannot be taken apart."""
        return any(part.get_content_maintype() == "multipart" for part in self.parts())


def parsed(raw: bytes) -> Part:
    """The message in these bytes.

    Raises:
        TooMuchError: its header is larger than any mail server lets through, or it has no end of parts or
            lines.
    """
    end = _BLANK_LINE.search(raw)
    if (end.start() if end else len(raw)) > HEADER_BYTES:
        raise TooMuchError("too large a header")
    if raw.count(b"\n--") > 10 * MOST_PARTS or raw.count(b"boundary=") > MOST_PARTS // 4:
        raise TooMuchError("too many parts")
    if raw.count(b"\r") - raw.count(b"\r\n") > _MOST_BARE_ENDS:
        raise TooMuchError("too many lines")
    if _STATUS.search(raw) and raw.count(b"\n\r\n") + raw.count(b"\n\n") > _MOST_STATUS_BLOCKS:
        raise TooMuchError("too many blocks of a delivery status")
    return message_from_bytes(raw, policy=_Lenient())


def parts_of(part: Part) -> list[Part] | None:
    """What a part is made of; None for one that holds something itself.

    A forwarded message, and all parts of a message, may be encoded as a whole, though RFC 2046 forbids it.
    """
    inside = part.get_payload()
    if part.get_content_type() in _WITHOUT_CONTENT:
        return None
    if isinstance(inside, list):
        messages = [one for one in inside if isinstance(one, Message)]
        return [_decoded_message(part, messages[0])] if _is_encoded_message(part, messages) else messages
    if part.get_content_maintype() == "multipart" and _encoding(part) in _ENCODINGS:
        head = str(part.get("content-type", "")).encode("utf-8", "replace")
        whole = parsed(b"Content-Type: " + head + b"\n\n" + content(part))
        return parts_of(whole) or [whole]
    return None


def _is_encoded_message(part: Part, messages: list[Part]) -> bool:
    """Whether what was taken for a message is the code of one: no header at all, or «=3D» in it."""
    if len(messages) != 1 or part.get_content_maintype() != "message" or _encoding(part) not in _ENCODINGS:
        return False
    return not messages[0].keys() or "=3D" in str(messages[0].get("content-type", ""))


def _decoded_message(part: Part, code: Part) -> Part:
    part.set_payload(code.as_string() if code.keys() else code.get_payload())
    return parsed(content(part))


def file_name(part: Part) -> str:
    """The file name of a part (RFC 2231 and RFC 2047, also mixed), without folders; empty where it has none."""
    name = part.get_filename()
    return re.split(r"[/\\]", decoded(name, 300))[-1] if name else ""


def content(part: Part) -> bytes:
    """The decoded bytes of a part; what does not decode is taken as it is.

    The encoding's name is read whatever stands around it, and seen by itself in workbooks for which it was forgotten.
    """
    if (encoding := _encoding(part)) in _ENCODINGS:
        part.replace_header("content-transfer-encoding", encoding)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return _from_base64(data) if data.startswith(_WORKBOOKS_IN_BASE64) else data


def _encoding(part: Part) -> str:
    """``base64`` also for ``base64 ``, ``base64;``, ``"Base64" (x)`` and ``base-64``."""
    word = _WORD.search(_COMMENT.sub(" ", str(part.get("content-transfer-encoding", ""))[:200].lower()))
    return _SPELLINGS.get(word[0], word[0]) if word else ""


def _from_base64(data: bytes) -> bytes:
    try:
        return a2b_base64(data)
    except ValueError:
        return data


def decoded(text: str, limit: int) -> str:
    """A header's text with its encoded words read; what cannot be read stays as it is."""
    if "=?" not in text or not text.isascii():
        return clean(text, limit)
    try:
        return clean("".join(_decoded_word(*one) for one in decode_header(text)), limit)
    except (HeaderParseError, ValueError):
        return clean(text, limit)


def _decoded_word(word: str | bytes, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return word.decode(charset or "ascii", "replace")
    except (LookupError, ValueError):
        return word.decode("utf-8", "replace")
