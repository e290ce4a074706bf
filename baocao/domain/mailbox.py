"""Hộp thư: a name and an address, checked before they get into any header."""

import re
import unicodedata
from email.utils import parseaddr

from baocao.system.errors import UsageError

Mailbox = tuple[str, str]
"""A display name (may be empty) and an address."""


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def one_line(what: str, value: str) -> str:
    """The value in NFC.

    Raises:
        UsageError: it holds a line break or another control character, and so could forge a header (fault 26).
    """
    if _CONTROL.search(value):
        raise UsageError(f"{what} có ký tự xuống dòng hoặc ký tự điều khiển nên không dùng làm tiêu đề thư được")
    return unicodedata.normalize("NFC", value.strip())


def checked_mailbox(what: str, mailbox: Mailbox) -> Mailbox:
    """The mailbox with its name in NFC and its address as it is.

    Raises:
        UsageError: the address is none that a server takes without SMTPUTF8, or a part has a line break.
    """
    name, address = one_line(what, mailbox[0]), one_line(what, mailbox[1])
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise UsageError(f"{what}: “{address}” không phải địa chỉ thư điện tử; hãy sửa trong kế hoạch hoặc cấu hình")
    return name, address


def parse_mailbox(text: str) -> Mailbox:
    """Read ``Tên <dia.chi@co.quan>`` or a bare address.

    Raises:
        UsageError: there is no address in it.
    """
    return checked_mailbox("Địa chỉ gửi", parseaddr(one_line("Địa chỉ gửi", text)))
