"""A message as it goes out: what a mail program on the other side makes of it."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from support.mail.letters import BCD, NOW, UBND, outgoing

from baocao.domain.mailbox import parse_mailbox
from baocao.mail.letters.compose import Outgoing, compose, lighter, message_id, safe_file_name
from baocao.system.errors import UsageError

LONG = "Cán bộ tổng hợp, Sở Thông tin và Truyền thông tỉnh, phòng “Chính quyền số”"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG_ID = f"<{'a' * 120}@thu.example>"


def parsed(message: Outgoing) -> EmailMessage:
    found = message_from_bytes(compose(message, NOW), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_same_message_is_the_same_bytes_and_seven_bits_wide() -> None:
    one = outgoing(html="<p>Xin chào</p>", images={"bd": b"png"}, attachments=(("a.pdf", b"x", "application/pdf"),))
    content = compose(one, NOW)
    assert content == compose(one, NOW)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert compose(one, NOW + timedelta(seconds=1)) != content


def test_the_date_is_the_one_given() -> None:
    assert parsed(outgoing())["Date"] == "Mon, 24 Oct 2022 01:00:00 +0000"


def test_the_message_id_comes_from_plan_key_and_domain_alone() -> None:
    one = outgoing()
    assert message_id(one) == message_id(replace(one, text="khác", subject="khác", recipients=(BCD,)))
    assert message_id(one).endswith("@so.example>")
    others = [replace(one, key="report/2022-10/v2"), replace(one, plan="khac")]
    assert len({message_id(one), *map(message_id, others)}) == 3
    assert parsed(one)["Message-ID"] == message_id(one)


def mailboxes(content: bytes, header: str) -> list[tuple[str, str]]:
    """The mailboxes of a header, read as RFC 2047 says; the library's newer parser keeps blanks that must go."""
    raw = str(message_from_bytes(content)[header]).replace("\r\n", "")
    return [(str(make_header(decode_header(name))), address) for name, address in getaddresses([raw])]


@pytest.mark.parametrize("name", [LONG, "Ban Chỉ đạo", "Plain, Inc.", 'Says "hi"', "=?utf-8?q?x?=", ""])
def test_names_arrive_as_they_were_written(name: str) -> None:
    content = compose(outgoing(sender=(name, "a@so.example"), recipients=((name, "b@x.example"), UBND)), NOW)
    assert mailboxes(content, "To") == [(name, "b@x.example"), UBND]
    assert mailboxes(content, "From") == [(name, "a@so.example")]


def test_encoded_words_are_short_and_split_between_characters() -> None:
    head = compose(outgoing(recipients=((LONG, "b@x.example"),), subject=LONG * 3), NOW).split(b"\r\n\r\n")[0]
    words = [word for word in head.split() if word.startswith(b"=?")]
    assert len(words) > 4
    assert all(len(word) <= 75 for word in words)
    for word in words:
        str(make_header(decode_header(word.decode())))


def test_long_ids_are_never_encoded_so_that_answers_thread() -> None:
    content = compose(outgoing(in_reply_to=LONG_ID, references=(LONG_ID, "<b@x>")), NOW)
    assert f"In-Reply-To: {LONG_ID}\r\n".encode() in content
    assert f"References: {LONG_ID}\r\n <b@x>\r\n".encode() in content


def test_texts_and_names_go_out_in_nfc() -> None:
    split = unicodedata.normalize("NFD", "Báo cáo tháng Mười")
    got = parsed(
        outgoing(subject=split, text=split, html=split, attachments=((f"{split}.xlsx", b"x", XLSX),)),
    )
    whole = unicodedata.normalize("NFC", split)
    assert got["Subject"] == whole
    for kind in ("plain", "html"):
        assert got.get_body((kind,)).get_content().strip() == whole
    assert [part.get_filename() for part in got.iter_attachments()] == [f"{whole}.xlsx"]
    assert parsed(outgoing(html="<b>\u0338 5</b>")).get_body(("html",)).get_content().strip() == "<b>&#824; 5</b>"


def test_a_vietnamese_file_name_is_written_by_rfc_2231() -> None:
    content = compose(outgoing(attachments=(("Số liệu.xlsx", b"x", XLSX),)), NOW)
    assert b"filename*=utf-8''S%E1%BB%91%20li%E1%BB%87u.xlsx" in content


def test_a_picture_belongs_to_the_html_and_a_file_to_the_message() -> None:
    got = parsed(
        outgoing(
            html='<img src="cid:bd">', images={"bd": b"\x89PNG"}, attachments=(("a.pdf", b"%PDF", "application/pdf"),)
        )
    )
    assert got.get_content_type() == "multipart/mixed"
    assert [part["Content-ID"] for part in got.walk() if part.get_content_type() == "image/png"] == ["<bd>"]
    assert [part.get_filename() for part in got.iter_attachments()] == ["a.pdf"]


def test_a_text_that_is_a_path_stays_a_text() -> None:
    got = parsed(outgoing(text=str(Path(__file__))))
    assert not got.is_multipart()
    assert got.get_content().strip() == str(Path(__file__))


def test_machines_are_told_not_to_answer() -> None:
    got = parsed(outgoing())
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["X-Auto-Response-Suppress"] == "All"


def test_reply_to_keeps_its_name_only_in_ascii() -> None:
    assert parsed(outgoing(reply_to=("Tổng hợp", "t@so.example")))["Reply-To"] == "t@so.example"
    assert parsed(outgoing(reply_to=("Tong hop", "t@so.example")))["Reply-To"] == "Tong hop <t@so.example>"


@pytest.mark.parametrize("trick", ["x\r\nBcc: evil@x.example", "x\ny", "x\ry", "x\x00y", "x\u2028y", "x\x85y"])
@pytest.mark.parametrize("place", ["subject", "sender", "recipients", "reply_to", "in_reply_to", "references"])
def test_a_line_break_never_gets_into_a_header(trick: str, place: str) -> None:
    mailbox = (trick, "a@x.example")
    value = {
        "subject": trick,
        "recipients": (mailbox,),
        "in_reply_to": f"<{trick}@x>",
        "references": (f"<{trick}@x>",),
    }.get(place, mailbox)
    with pytest.raises(UsageError):
        compose(outgoing(**{place: value}), NOW)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "a b@x.example",
        "a@x.example, b@x.example",
        "đ@x.example",
        "<a@x>",
        "a..b@x.example",
        ".a@x.example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        compose(outgoing(recipients=(("", address),)), NOW)


@pytest.mark.parametrize("key", ["", "/a", "a//b", "../a", "a/../b", "a b", "báo-cáo", "a~b", "a" * 201])
def test_a_key_that_could_leave_the_folder_is_refused(key: str) -> None:
    with pytest.raises(UsageError):
        compose(outgoing(key), NOW)


def test_nobody_to_receive_it_is_refused_and_twice_is_once() -> None:
    with pytest.raises(UsageError, match="không có người nhận"):
        compose(outgoing(recipients=()), NOW)
    assert len(parsed(outgoing(recipients=(UBND, ("Khác", UBND[1].upper()))))["To"].addresses) == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("Báo cáo: 10/2022.xlsx", "Báo cáo_ 10_2022.xlsx"),
        ("a\r\nb.xlsx", "a__b.xlsx"),
        ("...", "tep-dinh-kem"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_an_attachments_name_is_safe(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_the_lighter_variant_says_what_is_missing_and_where_it_is() -> None:
    full = outgoing(
        html="<html><body style='x'><p>Nội dung</p></body></html>",
        attachments=(("a.xlsx", b"x", XLSX), ("b.docx", b"y", XLSX), ("c.pdf", b"z", "application/pdf")),
    )
    small = lighter(full, ("c.pdf",), "tại văn thư <Sở>")
    assert small.key == f"{full.key}/nhe"
    assert [name for name, _, _ in small.attachments] == ["c.pdf"]
    assert small.text.startswith("Thư đầy đủ")
    assert "không kèm a.xlsx và b.docx" in small.text
    assert "tại văn thư &lt;Sở&gt;." in str(small.html)
    assert str(small.html).startswith("<html><body style='x'><p style=")


def test_a_mailbox_is_read_from_a_setting() -> None:
    assert parse_mailbox("Sở TT&TT <a@so.example>") == ("Sở TT&TT", "a@so.example")
    assert parse_mailbox("a@so.example") == ("", "a@so.example")
    with pytest.raises(UsageError):
        parse_mailbox("không có địa chỉ")
