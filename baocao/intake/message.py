"""One received message as values, however badly it was made: who it says sent it, what it answers, what it is.

Parsed leniently: header bytes that are no ASCII are taken as UTF-8, unknown charsets are replaced, nothing raises.
Every text is fit to be stored and shown: NFC, one line, no control characters.
"""

import re
import unicodedata
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

Part: TypeAlias = "Message[str, str]"

_ADDRESS = re.compile(r"[^\s<>()@,;:\"\\]+@[a-z0-9.-]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")  # and signs that turn text round
_MOST_REFERENCES = 20
_MOST_PARTS = 1_000
_LISTS = ("list-id", "list-unsubscribe", "list-post", "mailing-list")
_ROBOTS = ("x-autoreply", "x-autorespond", "x-autoresponder")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})


class Author(StrEnum):
    """Who writes: only a person is ever answered."""

    PERSON = "person"
    SERVER = "server"  # a failure notice or another word of a mail server
    ROBOT = "robot"  # an absence notice, a mailing list


class _Lenient(Compat32):
    """Headers as plain text; the standard library's own would hide raw Vietnamese behind question marks."""

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ARG002
        return value.encode("ascii", "surrogateescape").decode("utf-8", "replace") if not value.isascii() else value


@dataclass(frozen=True)
class Incoming:
    """A message as it came: ``raw`` is its very bytes."""

    raw: bytes

    @cached_property
    def root(self) -> Part:
        """The parsed message."""
        return message_from_bytes(self.raw, policy=_Lenient())

    @cached_property
    def sender(self) -> str:
        """The one address that the message says it is from, in small letters; empty where it names none or several.

        Programs read doubtful headers differently, so one with more than one ``@`` names nobody.
        """
        headers = [str(one) for one in self.root.get_all("from", [])]
        is_plain = len(headers) == 1 and _QUOTED.sub("", headers[0]).count("@") == 1
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
        """The parts that hold something, in order, also those of forwarded messages; at most 1,000 of them."""
        stack: list[Part] = [self.root]
        for _ in range(_MOST_PARTS):
            if not stack:
                return
            part = stack.pop()
            content = part.get_payload()
            if isinstance(content, list):
                stack += [one for one in reversed(content) if isinstance(one, Message)]
            else:
                yield part

    @property
    def is_broken(self) -> bool:
        """Whether a part says that it is made of parts and cannot be taken apart."""
        return any(part.get_content_maintype() == "multipart" for part in self.parts())


def file_name(part: Part) -> str:
    """The file name of a part (RFC 2231 and RFC 2047, also mixed), without folders; empty where it has none."""
    name = part.get_filename()
    return re.split(r"[/\\]", decoded(name, 300))[-1] if name else ""


def content(part: Part) -> bytes:
    """The decoded bytes of a part; what does not decode is taken as it is."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


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


def clean(text: str, limit: int) -> str:
    """One line in NFC that any database and any log takes, of at most ``limit`` characters."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())[:limit]
