"""Messages as the world makes them: names, archives, winmail.dat, forwards, broken parts; who writes; what fails."""

import struct
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.mail.hostile import zipped
from support.mail.mailboxes import SCT, letter
from support.workbooks.samples import plan

from baocao.intake.mailbox.deciding import Fate, decide
from baocao.message.attachments import Found, find_workbooks
from baocao.message.bounces import read_notice
from baocao.message.incoming import Author, Incoming
from baocao.message.opening import open_message

OURS = "mx.ninhbinh.example"
NAME = "Báo cáo tháng 10 của Sở Công Thương, bản chính thức đã có chữ ký số của lãnh đạo (lần 2).xlsx"


def package(marker: str = "1") -> bytes:
    """What is enough of a workbook to be known as one."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f"<workbook>{marker}</workbook>")
    return out.getvalue()


def winmail(files: dict[str, bytes]) -> bytes:
    """Outlook's own format, as it wraps attachments."""

    def item(level: int, attribute: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, attribute, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    out = struct.pack("<IH", 0x223E9F78, 1)
    for name, data in files.items():
        out += item(2, 0x00069002, bytes(14)) + item(2, 0x00018010, name.encode() + b"\0") + item(2, 0x0006800F, data)
    return out


def found(message: EmailMessage | bytes) -> Found:
    return find_workbooks(Incoming(message if isinstance(message, bytes) else message.as_bytes()))


def names(message: EmailMessage | bytes) -> list[str]:
    return [one.name for one in found(message).workbooks]


def raw_part(*headers: str, data: bytes | None = None) -> bytes:
    """A message of one part whose headers are written as they stand."""
    from base64 import encodebytes

    body = encodebytes(data if data is not None else package())
    lines = ["From: a@b.example", "MIME-Version: 1.0", *headers, "Content-Transfer-Encoding: base64", "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Disposition: attachment; filename*0*=UTF-8''B%C3%A1o%20; filename*1*=c%C3%A1o.xlsx"],
        ["Content-Disposition: attachment; filename*=utf-8'vi'B%C3%A1o%20c%C3%A1o.xlsx"],
        ["Content-Type: application/octet-stream; name*=utf-8''B%C3%A1o%20c%C3%A1o.xlsx"],
        ['Content-Disposition: attachment; filename="=?UTF-8?B?QsOhbyBjw6FvLnhsc3g=?="'],
        ['Content-Disposition: attachment; filename="=?UTF-8?Q?B=C3=A1o_?=\r\n =?UTF-8?Q?c=C3=A1o.xlsx?="'],
        ['Content-Type: application/octet-stream; name="=?utf-8?q?B=C3=A1o_c=C3=A1o=2Exlsx?="'],
        ['Content-Disposition: attachment; filename="Báo cáo.xlsx"'],
        ['Content-Disposition: attachment; filename="C:\\\\Tài liệu\\\\Báo cáo.xlsx"'],
        ['Content-Disposition: attachment; filename="../../Báo cáo.xlsx"'],
        ['Content-Disposition: attachment; filename="Báo\tcáo.xlsx"'],
    ],
)
def test_names_in_every_encoding(headers: list[str]) -> None:
    assert names(raw_part(*headers)) == ["Báo cáo.xlsx"]


def test_a_long_name_comes_back_whole() -> None:
    assert names(letter([(NAME, package())])) == [NAME]


@pytest.mark.parametrize("charset", ["x-khong-co", "tcvn", "utf-7", ""])
def test_an_unknown_charset_costs_signs_and_not_the_file(charset: str) -> None:
    raw = raw_part(f"Content-Disposition: attachment; filename*={charset}''bao%FFcao.xlsx")
    assert len(names(raw)) == 1


def test_a_workbook_without_a_name_is_known_by_its_content() -> None:
    assert names(raw_part("Content-Type: application/octet-stream")) == ["tep-dinh-kem.xlsx"]


def test_several_forms_and_companions() -> None:
    message = letter([("a.xlsx", package("a")), ("b.xlsx", package("b")), ("lại.xlsx", package("a"))])
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="Công văn.pdf")
    message.add_attachment(b"\x89PNG", "image", "png", filename="chữ ký.png", cid="<chu-ky>", disposition="inline")
    message.add_attachment(zipped({"word/document.xml": b"", "[Content_Types].xml": b""}), "a", "b", filename="b.docx")
    assert names(message) == ["a.xlsx", "b.xlsx"]
    assert found(message).others == ("Công văn.pdf", "b.docx")


def test_a_word_answer_stands_for_the_workbook_where_such_are_asked_for_and_there_is_no_other() -> None:
    word = zipped({"word/document.xml": b"", "[Content_Types].xml": b""})
    for message in (letter([("b.docx", word)]), letter([("hồ sơ.zip", zipped({"b.docx": word}))])):
        asked = find_workbooks(Incoming(message.as_bytes()), {".docx"})
        assert [(one.name, one.data) for one in asked.workbooks] == [("b.docx", word)]
        assert found(message).workbooks == asked.documents == ()
    beside = letter([("b.docx", word), ("a.xlsx", package()), ("c.pdf", b"%PDF-1.7")])
    both = find_workbooks(Incoming(beside.as_bytes()), {".docx", ".pdf"})
    assert [one.name for one in (*both.workbooks, *both.documents)] == ["a.xlsx", "c.pdf"]


def test_archives_are_opened() -> None:
    files = {"Tháng 10/Báo cáo.xlsx": package(), "__MACOSX/._Báo cáo.xlsx": b"x", "Tháng 10/ảnh.jpg": b"x"}
    message = letter([("hồ sơ.zip", zipped(files))])
    assert names(message) == ["Báo cáo.xlsx"]
    assert found(message).others == ("ảnh.jpg",)


def test_an_archive_written_without_saying_utf8_keeps_its_names() -> None:
    data = zipped({"Bao cao X.xlsx": package()}).replace(b"Bao cao X", "Báo cáo".encode())
    assert names(letter([("a.zip", data)])) == ["Báo cáo.xlsx"]


def test_a_bomb_or_a_locked_archive_stands_for_itself_and_only_alone() -> None:
    bomb = zipped({f"{number}.xlsx": bytes(26 << 20) for number in range(1)})
    many = zipped({f"{number}.xlsx": b"" for number in range(2_500)})
    for data in (bomb, many, zipped({"a.xlsx": package()})[:-30]):
        assert names(letter([("nén.zip", data)])) == ["nén.zip"]
        assert names(letter([("nén.zip", data), ("a.xlsx", package())])) == ["a.xlsx"]


def test_winmail_dat() -> None:
    data = winmail({"Bao cao.xlsx": package(), "ghi chu.txt": b"x"})
    message = EmailMessage()
    message.add_attachment(data, "application", "ms-tnef", filename="winmail.dat")
    assert names(message) == ["Bao cao.xlsx"]
    for broken, left in ((data[:40], []), (data[:200], ["Bao cao.xlsx"]), (b"x" * 200, []), (b"", [])):
        message = EmailMessage()
        message.add_attachment(broken, "application", "ms-tnef", filename="winmail.dat")
        assert names(message) == left


def test_a_forwarded_message_gives_its_files() -> None:
    inner = letter([("bên trong.xlsx", package())])
    outer = letter(subject="Fwd: báo cáo")
    outer.add_attachment(inner)
    assert names(outer) == ["bên trong.xlsx"]


def test_many_parts_and_deep_nests_end() -> None:
    deep = letter([("a.xlsx", package())])
    for _ in range(60):
        outer = EmailMessage()
        outer["From"] = SCT
        outer.add_attachment(deep)
        deep = outer
    assert names(deep) == ["a.xlsx"]
    very_deep = b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(5_000))
    assert open_message(b"From: a@b.example\r\n" + very_deep, OURS).found.workbooks == ()
    wide = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * 50_000
    assert open_message(wide, OURS).found.workbooks == ()


BROKEN = (
    b"From: %b\r\nContent-Type: multipart/mixed; boundary=khong-co\r\n\r\n--khac\r\n"
    b"Content-Disposition: attachment; filename=a.xlsx\r\n\r\nUEsDBA==\r\n--khac--\r\n" % SCT.encode()
)


def test_a_part_that_cannot_be_taken_apart_is_broken() -> None:
    opened = open_message(BROKEN, OURS)
    assert opened.is_broken
    assert not open_message(letter([("a.xlsx", package())]).as_bytes(), OURS).is_broken
    decision = decide(plan(), opened, is_ours=False, is_flood=False)
    assert (decision.fate, decision.is_told) == (Fate.HELD, True)


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("X-Mailer: Outlook", Author.PERSON),
        ("Auto-Submitted: no", Author.PERSON),
        ("Return-Path: <vanthu@so.example>", Author.PERSON),
        ("Precedence: first-class", Author.PERSON),
        ("Auto-Submitted: auto-replied; owner-email=x@y", Author.ROBOT),
        ("Auto-Submitted: Auto-Generated", Author.ROBOT),
        ("Precedence: BULK", Author.ROBOT),
        ("List-Id: <can-bo.so.example>", Author.ROBOT),
        ("X-Autoreply: yes", Author.ROBOT),
        ("Return-Path: <>", Author.SERVER),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", Author.SERVER),
    ],
)
def test_who_writes(header: str, author: Author) -> None:
    assert Incoming(f"From: a@b.example\r\n{header}\r\n\r\nx".encode()).author is author


def test_a_daemon_is_no_person() -> None:
    assert Incoming(b"From: MAILER-DAEMON@mx.example (Mail Delivery)\r\n\r\nx").author is Author.SERVER


def test_machines_are_never_answered() -> None:
    for headers in ({"Auto-Submitted": "auto-replied"}, {"Return-Path": "<>"}, {"List-Id": "<x.example>"}):
        empty, full = letter(), letter([("a.xlsx", package())])
        for message in (empty, full):
            for name, value in headers.items():
                message[name] = value
        opened = [open_message(one.as_bytes(), OURS) for one in (empty, full)]
        fates = [decide(plan(), one, is_ours=False, is_flood=False) for one in opened]
        assert [one.fate for one in fates] == [Fate.IGNORED, Fate.HELD]
        assert [one.unit for one in fates] == [None, None]


def test_a_flood_is_held_and_ours_is_left() -> None:
    opened = open_message(letter([("a.xlsx", package())]).as_bytes(), OURS)
    assert decide(plan(), opened, is_ours=False, is_flood=False).fate is Fate.TAKEN
    flood = decide(plan(), opened, is_ours=False, is_flood=True)
    assert (flood.fate, len(flood.files), flood.unit) == (Fate.HELD, 1, None)
    assert decide(plan(), opened, is_ours=True, is_flood=True).fate is Fate.IGNORED


def test_what_makes_a_message_the_same() -> None:
    first = letter([("a.xlsx", package())])
    copy = letter([("a.xlsx", package())])
    copy["X-Way"] = "another server"
    forged = letter([("a.xlsx", package())], vouched=[])
    other = letter([("a.xlsx", package("khác"))])
    refs = [open_message(one.as_bytes(), OURS).ref for one in (first, copy, forged, other)]
    assert refs[0] == refs[1]
    assert len(set(refs)) == 3


NOTICE = """\
From: MAILER-DAEMON@mx.khac.example
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Khong gui duoc.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.khac.example

Final-Recipient: rfc822; <Vanthu@tinh.example>
Original-Recipient: rfc822;vanthu@tinh.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: {kind}

{returned}
--b--
"""


@pytest.mark.parametrize(
    ("kind", "returned"),
    [
        ("text/rfc822-headers", "From: a@b\nMessage-ID: <bao-cao.1@so.example>"),
        ("message/rfc822", "From: a@b\nMessage-ID: <bao-cao.1@so.example>\n\nNội dung"),
    ],
)
def test_a_failure_notice(kind: str, returned: str) -> None:
    notice = read_notice(Incoming(NOTICE.format(action="failed", kind=kind, returned=returned).encode()))
    assert notice is not None
    assert notice.message_ids == ("<bao-cao.1@so.example>",)
    (failure,) = notice.failures
    assert failure.addresses == ("vanthu@tinh.example",)
    assert failure.reason == "550 5.1.1 User unknown"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_a_delay_is_no_failure(action: str) -> None:
    raw = NOTICE.format(action=action, kind="text/rfc822-headers", returned="Message-ID: <x@y>").encode()
    assert read_notice(Incoming(raw)) is None
    opened = open_message(raw, OURS)
    assert decide(plan(), opened, is_ours=False, is_flood=False).fate is Fate.IGNORED


def test_a_thread_keeps_its_end() -> None:
    ids = " ".join(f"<{number}@x>" for number in range(40))
    message = Incoming(f"Message-ID: <new@x>\r\nReferences: {ids}\r\n <1@x>\r\n\r\n".encode())
    assert len(message.references) == 20
    assert message.references[-1] == "<new@x>"
    assert Incoming(b"In-Reply-To: <a@x> <b@x>\r\n\r\n").references == ("<a@x>",)
    assert Incoming(b"Message-ID: khong phai ma\r\n\r\n").message_id is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_opening(data: bytes) -> None:
    for raw in (data, b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + data):
        opened = open_message(raw, OURS)
        decide(plan(), opened, is_ours=False, is_flood=False)
        assert len(opened.ref) == 64
