"""MIME from values, everything decided by the arguments; byte by byte what the standard library's EmailMessage writes.

The same :class:`Outgoing` and the same date give the same bytes, so a message can be composed again after a crash.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from html import escape
from itertools import count
from pathlib import PurePosixPath

from baocao.domain.characters import xml_text
from baocao.domain.mailbox import Mailbox, checked_mailbox, one_line
from baocao.domain.planned.period import Period
from baocao.domain.wording import enumeration
from baocao.mail.letters.headers import address_line, checked_message_id, ids_line, plain_line, subject_line
from baocao.mail.letters.parts import Part, file_part, image_part, joined, text_part
from baocao.system.errors import UsageError

Enclosure = tuple[str, bytes, str]
"""File name, content, media type."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f\u0085\u2028\u2029/\\:*?"<>|]')
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_LONGEST_NAME = 120
_FOR_MACHINES = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to be sent.

    ``key`` is its business key (``report/2022-10/v1``): one message per key, for ever. ``images`` are PNG bytes by
    content id; the HTML shows one by ``src="cid:…"``. ``fallback`` is a smaller variant under another key, sent where
    the server calls this message too large; see :func:`lighter`.
    """

    plan: str
    key: str
    kind: str
    sender: Mailbox
    recipients: tuple[Mailbox, ...]
    subject: str
    text: str
    html: str | None = None
    period: Period | None = None
    unit: str | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
    attachments: tuple[Enclosure, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_to: Mailbox | None = None
    fallback: "Outgoing | None" = None


def compose(outgoing: Outgoing, date: datetime) -> bytes:
    """The message as it is kept and sent, with CRLF line ends and in 7 bits.

    ``date`` is aware and becomes the Date header; the wall clock is not read. Texts go out in NFC, without what XML
    (and with it UTF-8) forbids. A recipient given
    twice is named once. Reply-To loses a display name that is not ASCII, because mail programs break the address.

    Raises:
        UsageError: a header value has a line break, an address or the key is malformed, or nobody is to receive it.
    """
    headers = _headers(outgoing, date)
    boundaries = (f"=_{_digest(outgoing)}_{number}" for number in count())
    outermost = next(boundaries) if outgoing.attachments else ""
    content = _texts(outgoing, boundaries)
    if outgoing.attachments:
        files = [file_part(safe_file_name(name), data, mime) for name, data, mime in outgoing.attachments]
        content = joined("mixed", outermost, [content.bare(), *(one.versioned() for one in files)])
    return content.versioned(headers)


def recipients_of(outgoing: Outgoing) -> tuple[Mailbox, ...]:
    """Every recipient once, by address; the first name given to it counts.

    Raises:
        UsageError: an address is malformed, or there is none.
    """
    found: dict[str, Mailbox] = {}
    for recipient in outgoing.recipients:
        mailbox = checked_mailbox(f"Người nhận thư {outgoing.key}", recipient)
        found.setdefault(mailbox[1].lower(), mailbox)
    if not found:
        raise UsageError(f"Thư {outgoing.key} không có người nhận; hãy điền địa chỉ trong kế hoạch")
    return tuple(found.values())


def message_id(outgoing: Outgoing) -> str:
    """The message's own id, from plan, key and the sender's domain: sent again, it is the same to the receiver."""
    slug = outgoing.key.replace("/", ".")[:40].strip(".")
    domain = checked_mailbox("Địa chỉ gửi", outgoing.sender)[1].rpartition("@")[2].lower()
    return f"<{slug}.{_digest(outgoing)}@{domain}>"


def check_key(key: str) -> str:
    """The key, fit for a file name and a message id.

    Raises:
        UsageError: it is not made of ASCII letters, digits, ``.``, ``_``, ``-`` and single slashes.
    """
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise UsageError(f"Khóa thư “{key}” chỉ được gồm chữ không dấu, chữ số, dấu chấm, gạch và gạch chéo")
    return key


def safe_file_name(name: str) -> str:
    """An attachment's name without folders, control characters and signs that file systems refuse; never empty."""
    clean = _UNSAFE_IN_NAME.sub("_", _nfc(name)).strip(" .") or "tep-dinh-kem"
    path = PurePosixPath(clean)
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    return clean.removesuffix(suffix)[: _LONGEST_NAME - len(suffix)] + suffix


def lighter(outgoing: Outgoing, keep: tuple[str, ...], where: str) -> Outgoing:
    """The variant for a server that calls the message too large: only the attachments named in ``keep``.

    It stands under the key's own suffix ``/nhe`` and opens with a sentence that names what is missing and, by
    ``where`` (a sentence's end such as «tại thư mục …, xin liên hệ …»), where it is.
    """
    left_out = [name for name, _, _ in outgoing.attachments if name not in keep]
    notice = (
        f"Thư đầy đủ vượt dung lượng mà máy chủ thư của quý cơ quan nhận, nên thư này không kèm "
        f"{enumeration(left_out)}. Xin nhận phần còn lại {where}."
    )
    paragraph = (
        '<p style="margin:0;padding:12px 16px;background:#fff4d6;color:#4a3500;'
        f'font:14px/1.5 Arial,sans-serif">{escape(notice)}</p>'
    )
    html = outgoing.html
    if html is not None:
        html = _BODY.sub(lambda found: found[0] + paragraph, html, count=1) if _BODY.search(html) else paragraph + html
    return replace(
        outgoing,
        key=f"{outgoing.key}/nhe",
        text=f"{notice}\n\n{outgoing.text}",
        html=html,
        attachments=tuple(one for one in outgoing.attachments if one[0] in keep),
        fallback=None,
    )


def _headers(outgoing: Outgoing, date: datetime) -> str:
    lines = [
        address_line("From", [checked_mailbox("Địa chỉ gửi", outgoing.sender)]),
        address_line("To", recipients_of(outgoing)),
    ]
    if outgoing.reply_to is not None:
        name, address = checked_mailbox("Địa chỉ trả lời", outgoing.reply_to)
        lines.append(address_line("Reply-To", [(name if name.isascii() else "", address)]))
    lines += [
        subject_line(one_line(f"Tiêu đề thư {outgoing.key}", outgoing.subject)),
        plain_line("Date", format_datetime(date)),
        plain_line("Message-ID", message_id(outgoing)),
    ]
    if outgoing.in_reply_to is not None:
        lines.append(ids_line("In-Reply-To", [outgoing.in_reply_to]))
    if outgoing.references:
        lines.append(ids_line("References", outgoing.references))
    return "".join(lines) + _FOR_MACHINES


def _texts(outgoing: Outgoing, boundaries: Iterator[str]) -> Part:
    text = text_part(_nfc(outgoing.text), "plain")
    if outgoing.html is None:
        return text
    boundary = next(boundaries)
    return joined("alternative", boundary, [text.bare(), _html(outgoing.html, outgoing.images, boundaries).versioned()])


def _html(html: str, images: Mapping[str, bytes], boundaries: Iterator[str]) -> Part:
    whole_tags = html.replace(">\u0338", ">&#824;")  # which NFC would join to «≯»
    part = text_part(_nfc(whole_tags), "html")
    if not images:
        return part
    shown = [image_part(checked_message_id("cid", f"<{cid}>"), image).versioned() for cid, image in images.items()]
    return joined("related", next(boundaries), [part.bare(), *shown])


def _digest(outgoing: Outgoing) -> str:
    return hashlib.sha256(f"{outgoing.plan}\n{check_key(outgoing.key)}".encode()).hexdigest()[:16]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", xml_text(text))
