"""The lines of our headers: checked, folded, encoded; written straight, since the library parses each value anew.

Short values of plain ASCII, of which nearly all headers are made, stand as they are. The rest is the standard
library's, which folds file names (RFC 2231) and long values right, but long Vietnamese names and ids wrong. Measured on
Python 3.11: a display name that needs two lines comes back as «T ruyền thông», one with a comma loses its blanks in
strict readers, and an In-Reply-To longer than a line is encoded and no longer threads. These are folded here.
"""

import re
from collections.abc import Iterable
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import quote
from functools import lru_cache

from baocao.domain.mailbox import Mailbox, one_line
from baocao.system.errors import UsageError

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")
_TO_DECODE = re.compile("=\\?|[\ud800-\udfff]")
_LINE = 76
_PLAIN_LINE = 78


def plain_line(name: str, value: str) -> str:
    """A header of printable ASCII that stands in one line where it fits."""
    line = f"{name}: {value}"
    is_plain = len(line) <= _PLAIN_LINE and "=?" not in value
    return f"{line}\r\n" if is_plain else library_line(name, value)


@lru_cache(maxsize=256)
def library_line(name: str, value: str) -> str:
    """A header as the standard library parses and folds it."""
    line: str = SMTP.fold(name, SMTP.header_factory(name, value))
    return line


@lru_cache(maxsize=256)
def attachment_line(file_name: str) -> str:
    """The Content-Disposition of an attached file; a name that is not ASCII by RFC 2231."""
    part = EmailMessage(policy=SMTP)
    part["Content-Disposition"] = "attachment"
    part.set_param("filename", file_name, header="Content-Disposition", replace=True)
    line: str = SMTP.fold("Content-Disposition", part["Content-Disposition"])
    return line


def address_line(name: str, mailboxes: Iterable[Mailbox]) -> str:
    """Checked mailboxes, each name and address on lines of their own."""
    return f"{name}: " + ",\r\n ".join(_encoded_mailbox(*one) for one in mailboxes) + "\r\n"


def subject_line(text: str) -> str:
    """The subject, which is one line of any text."""
    return f"Subject: {_encoded(_decoded('Subject', text), len('Subject: '))}\r\n"


def ids_line(name: str, identifiers: Iterable[str]) -> str:
    """Message ids, each on a line of its own and never encoded."""
    checked = " ".join(checked_message_id(name, one) for one in identifiers)
    return f"{name}: " + "\r\n ".join(_decoded(name, checked).split()) + "\r\n"


def _decoded(name: str, text: str) -> str:
    """The text as the library understands it: what looks encoded decoded, lone surrogates shown by a sign."""
    return str(SMTP.header_factory(name, text)) if _TO_DECODE.search(text) else text


def _encoded(text: str, offset: int = 0) -> str:
    if text.isascii() and len(text) + offset <= _LINE and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=_LINE, header_name="x" * max(offset - 2, 0)).encode(linesep="\r\n")


@lru_cache(maxsize=256)
def _encoded_mailbox(name: str, address: str) -> str:
    if not name:
        return address
    is_plain = name.isascii() and len(name) <= _LINE - len(address) - 8 and "=?" not in name
    return f'"{quote(name)}" <{address}>' if is_plain else f"{_encoded(name, 14)}\r\n <{address}>"


def checked_message_id(what: str, value: str) -> str:
    """A message id as it came.

    Raises:
        UsageError: it is no ``<…>`` of printable ASCII.
    """
    identifier = one_line(what, value)
    if not _MESSAGE_ID.fullmatch(identifier):
        raise UsageError(f"{what}: “{identifier}” không phải mã thư")
    return identifier
