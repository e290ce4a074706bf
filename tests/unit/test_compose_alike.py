"""Our bytes are the standard library's own: the same message composed by its EmailMessage, folded as ours must be."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, quote
from typing import Any
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st
from support.mail.letters import NOW, outgoing

from baocao.domain.mailbox import Mailbox
from baocao.mail.letters.compose import Outgoing, compose, message_id, safe_file_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Folding(EmailPolicy):
    """The library's policy, but for the headers that it folds wrong."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        kind = name.lower()
        if kind in ("from", "to", "reply-to"):
            parts = [_mailbox(one.display_name, one.addr_spec) for one in value.addresses]
            return (f"{name}: " + ",\r\n ".join(parts) + "\r\n").encode("ascii")
        if kind in ("in-reply-to", "references"):
            return (f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n").encode("ascii")
        if kind == "subject":
            return f"{name}: {_word(str(value), len(name) + 2)}\r\n".encode("ascii")
        return super().fold_binary(name, value)


def _word(text: str, offset: int) -> str:
    if text.isascii() and len(text) + offset <= 76 and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=76, header_name="x" * (offset - 2)).encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    if name.isascii() and len(name) <= 68 - len(address) and "=?" not in name:
        return f'"{quote(name)}" <{address}>'
    return f"{_word(name, 14)}\r\n <{address}>"


def by_the_library(one: Outgoing) -> bytes:
    message = EmailMessage(policy=_Folding(linesep=SMTP.linesep))
    message["From"] = _address(one.sender)
    message["To"] = [_address(recipient) for recipient in one.recipients]
    if one.reply_to is not None:
        message["Reply-To"] = _address(one.reply_to)
    message["Subject"] = one.subject.strip()
    message["Date"] = format_datetime(NOW)
    message["Message-ID"] = message_id(one)
    if one.in_reply_to is not None:
        message["In-Reply-To"] = one.in_reply_to
    if one.references:
        message["References"] = " ".join(one.references)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(one.text, cte="base64")
    if one.html is not None:
        message.add_alternative(one.html, subtype="html", cte="base64")
        part = message.get_body(("html",))
        for cid, image in one.images.items():
            part.add_related(image, "image", "png", cid=f"<{cid}>", disposition="inline")  # type: ignore[union-attr]
    for name, content, mime in one.attachments:
        message.add_attachment(content, *mime.split("/", 1), filename=safe_file_name(name))
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{message_id(one).rpartition('@')[0][-16:]}_{number}")
    return message.as_bytes()


def _address(mailbox: Mailbox) -> Address:
    return Address(mailbox[0].strip(), addr_spec=mailbox[1])


def _nfc(text: str) -> str:
    return normalize("NFC", text)


LETTERS = st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs"))
WORDS = st.text(st.one_of(st.sampled_from('ắộ ,;"\\()<>@=?_.:aZ9'), LETTERS), max_size=90).map(_nfc).map(str.strip)
ATOM = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=30)
DOMAIN = st.lists(st.text("abcXYZ019-", min_size=1, max_size=20), min_size=1, max_size=5).map(".".join)
ADDRESS = st.builds("{}@{}".format, st.lists(ATOM, min_size=1, max_size=3).map(".".join), DOMAIN)
MAILBOX = st.tuples(WORDS, ADDRESS)
IDENTIFIER = st.text([chr(one) for one in range(33, 127) if chr(one) not in "<>"], min_size=1, max_size=90)
IDS = IDENTIFIER.map("<{}>".format)
BODY = st.text(st.one_of(st.sampled_from("ắộ \n\r.<>&"), LETTERS), max_size=300).map(_nfc)
MIMES = (XLSX, "application/pdf", "text/calendar; method=PUBLISH")
OUTGOING = st.builds(
    outgoing,
    key=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}(/[A-Za-z0-9][A-Za-z0-9._-]{0,30}){0,2}", fullmatch=True),
    sender=MAILBOX,
    recipients=st.lists(MAILBOX, min_size=1, max_size=3, unique_by=lambda one: one[1].lower()).map(tuple),
    reply_to=st.none() | st.tuples(st.sampled_from(["", "Plain, Inc."]), ADDRESS),
    subject=st.one_of(WORDS, WORDS.map("=?utf-8?q?x?= {}".format)),
    in_reply_to=st.none() | IDS,
    references=st.lists(IDS, max_size=3).map(tuple),
    text=BODY,
    html=st.none() | BODY,
    images=st.dictionaries(IDENTIFIER, st.binary(max_size=200), max_size=2),
    attachments=st.lists(st.tuples(WORDS, st.binary(max_size=200), st.sampled_from(MIMES)), max_size=2).map(tuple),
)


@settings(max_examples=60)
@given(OUTGOING)
def test_whatever_is_written_is_the_librarys_bytes(one: Outgoing) -> None:
    assert compose(one, NOW) == by_the_library(one)
