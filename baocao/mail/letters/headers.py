"""How our headers are checked and folded; the standard library's folding breaks long Vietnamese names and ids.

Measured on Python 3.11: a display name that needs two lines comes back as «T ruyền thông», one with a comma loses
its blanks in strict readers, and an In-Reply-To longer than a line is encoded and no longer threads.
"""

import re
from email.header import Header
from email.policy import SMTP, EmailPolicy
from email.utils import quote
from typing import Any

from baocao.domain.mailbox import Mailbox, one_line
from baocao.system.errors import UsageError

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")
_ADDRESS_HEADERS = {"from", "to", "reply-to"}
_ID_HEADERS = {"in-reply-to", "references"}
_LINE = 76


class _MailPolicy(EmailPolicy):
    """The SMTP policy with folding of our own where the standard library's goes wrong."""

    def fold(self, name: str, value: Any) -> str:
        return _fold(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        folded = _fold(name, value)
        return folded.encode("ascii") if folded else super().fold_binary(name, value)


POLICY = _MailPolicy(linesep=SMTP.linesep)


def _fold(name: str, value: Any) -> str | None:
    kind = name.lower()
    if kind in _ADDRESS_HEADERS:
        parts = [_encoded_mailbox((one.display_name, one.addr_spec)) for one in value.addresses]
        return f"{name}: " + ",\r\n ".join(parts) + "\r\n"
    if kind in _ID_HEADERS:
        return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"
    if kind == "subject":
        return f"{name}: {_encoded(str(value), len(name) + 2)}\r\n"
    return None


def _encoded(text: str, offset: int = 0) -> str:
    if text.isascii() and len(text) + offset <= _LINE and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=_LINE, header_name="x" * max(offset - 2, 0)).encode(linesep="\r\n")


def _encoded_mailbox(mailbox: Mailbox) -> str:
    name, address = mailbox
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
