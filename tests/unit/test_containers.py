"""Files as mail programs wrap them: coded forwards, .eml files, uuencode, S/MIME, sloppy encodings, Apple's doubles."""

import struct
import zipfile
from base64 import encodebytes
from binascii import b2a_uu
from io import BytesIO

import pytest
from support.mail.mailboxes import OURS, SCT, letter, passed
from support.workbooks.samples import plan

from baocao.intake.mailbox.deciding import Fate, decide
from baocao.message.attachments import find_workbooks
from baocao.message.incoming import Incoming
from baocao.message.opening import Opened, open_message

HEAD = b"From: Van thu <vanthu@so.example>\r\nMIME-Version: 1.0\r\n"


def package() -> bytes:
    """What is enough of a workbook to be known as one."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


X = package()


def part(data: bytes, name: str = "", kind: str = "application/octet-stream", coding: bytes = b"base64") -> bytes:
    named = f'; name="{name}"' if name else ""
    head = f"Content-Type: {kind}{named}\r\n".encode() + b"Content-Transfer-Encoding:" + coding + b"\r\n\r\n"
    return head + encodebytes(data).replace(b"\n", b"\r\n")


def mixed(*parts: bytes, head: bytes = HEAD, kind: str = "mixed") -> bytes:
    boundary = "B" if head == HEAD else "I"
    body = b"".join(f"--{boundary}\r\n".encode() + one + b"\r\n" for one in parts)
    top = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + top + body + f"--{boundary}--\r\n".encode()


INNER = mixed(part(X, "a.xlsx"), head=b"Subject: Bao cao\r\n")


def uuencoded(data: bytes, name: str = "a.xlsx", end: bytes = b"`\r\nend\r\n") -> bytes:
    lines = (b2a_uu(data[at : at + 45]).replace(b"\n", b"\r\n") for at in range(0, len(data), 45))
    return f"begin 644 {name}\r\n".encode() + b"".join(lines) + end


def signed(content: bytes, *, is_indefinite: bool = False) -> bytes:
    """A CMS signature without signers around a content, as DER or as the streaming programs write it."""
    from asn1crypto import cms

    data = cms.SignedData(
        {
            "version": 1,
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": content},
            "signer_infos": [],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    if not is_indefinite:
        return bytes(whole)
    inner = b"".join(_octets(content[at : at + 700]) for at in range(0, len(content), 700))
    octets = b"\xa0\x80\x24\x80" + inner + b"\0\0\0\0"
    encapsulated = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01" + octets + b"\0\0"
    body = b"\x30\x80\x02\x01\x01\x31\x00" + encapsulated + b"\x31\x00\0\0"
    return b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + body + b"\0\0\0\0"


def _octets(data: bytes) -> bytes:
    return b"\x04\x82" + struct.pack(">H", len(data)) + data


def apple(magic: int, data: bytes = b"") -> bytes:
    """An AppleSingle or AppleDouble file (RFC 1740): one resource fork, and a data fork where there is one."""
    count = 2 if data else 1
    start = 26 + 12 * count
    entries = struct.pack(">III", 2, start, 4) + (struct.pack(">III", 1, start + 4, len(data)) if data else b"")
    return struct.pack(">II16xH", magic, 0x00020000, count) + entries + b"FORK" + data


def in_base64(data: bytes, name: str = "a.xlsx") -> bytes:
    """As POSIX uuencode -m writes it."""
    return f"begin-base64 644 {name}\r\n".encode() + encodebytes(data).replace(b"\n", b"\r\n") + b"====\r\n"


def quoted(text: bytes, sign: bytes = b"> ") -> bytes:
    return b"".join(sign + line for line in text.splitlines(keepends=True))


def text_of(*lines: bytes, kind: str = "text/plain") -> bytes:
    return HEAD + f"Content-Type: {kind}\r\n\r\nKinh gui\r\n".encode() + b"".join(lines)


def page(place: str, data: bytes = X) -> bytes:
    """A saved web page with a workbook in it, as Internet Explorer and Word write it."""
    book = b"Content-Location: " + place.encode() + b"\r\n" + part(data)
    return mixed(b"Content-Type: text/html\r\n\r\n<p>", book, head=b"MIME-Version: 1.0\r\n", kind="related")


OPENED = {
    "base64 in the text": text_of(in_base64(X), b"Tran trong\r\n"),
    "base64 in the text, quoted": text_of(quoted(in_base64(X)), b"Tran trong\r\n"),
    "uuencode, quoted": text_of(quoted(uuencoded(X))),
    "uuencode, quoted twice": text_of(quoted(quoted(uuencoded(X), b">"))),
    "uuencode in a page": text_of(
        b"<pre>" + uuencoded(X).replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;"),
        kind="text/html",
    ).replace(b"<pre>begin", b"<br>\r\n<pre>begin"),
    "base64 in a text file": mixed(part(in_base64(X), "thu.txt", "text/plain")),
    "a file that is base64 in the text": mixed(part(in_base64(X, "b"), "a.xlsx")),
    "a workbook in base64 thrice": mixed(part(encodebytes(encodebytes(X)), "a.xlsx")),
    "an .eml in base64 twice": mixed(part(encodebytes(INNER), "x.eml")),
    "signed, in base64 twice": HEAD + part(encodebytes(signed(INNER)), "smime.p7m", "application/pkcs7-mime"),
    "signed, in base64 thrice": HEAD + part(encodebytes(encodebytes(signed(INNER))), "smime.p7m"),
    "a signed .p7m file in base64 twice": mixed(part(encodebytes(signed(X)), "a.xlsx.p7m")),
    "a web page": mixed(part(page("file:///C:/Tháng%2010/a.xlsx"), "bao cao.mht", "message/rfc822")),
    "a web page as a file": mixed(part(page("a.xlsx"), "bao cao.mhtml", "application/x-mimearchive")),
    "a web page in a zip": mixed(part(zipped("a.mht", page("C:\\a.xlsx")), "x.zip")),
    "a forwarded message in base64": mixed(part(INNER, "x.eml", "message/rfc822")),
    "a forwarded message in quoted-printable": mixed(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + INNER.replace(b"=", b"=3D")
    ),
    "an .eml as a file": mixed(part(INNER, "x.eml")),
    "an .eml in a zip": mixed(part(zipped("thư/x.eml", INNER), "x.zip")),
    "a zip in a zip": mixed(part(zipped("b.zip", zipped("a.xlsx", X)), "x.zip")),
    "a zip with backslashes": mixed(part(zipped("Tháng 10\\a.xlsx", X), "x.zip")),
    "all parts in base64": HEAD + b'Content-Type: multipart/mixed; boundary="I"\r\nContent-Transfer-Encoding: base64'
    b"\r\n\r\n" + encodebytes(mixed(part(X, "a.xlsx"), head=b"").partition(b"\r\n\r\n")[2]),
    "uuencoded text": HEAD + b"Content-Type: text/plain\r\n\r\nKinh gui\r\n" + uuencoded(X),
    "uuencoded, no header": b"From: a@b.example\r\n\r\nKinh gui\r\n" + uuencoded(X, end=b""),
    "a uuencoded part": mixed(
        b'Content-Type: application/octet-stream; name="a.xlsx"\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n'
        + uuencoded(X)
    ),
    "signed, opaque": HEAD + part(signed(INNER), "smime.p7m", "application/pkcs7-mime; smime-type=signed-data"),
    "signed, opaque, streamed": HEAD + part(signed(INNER, is_indefinite=True), "", "application/x-pkcs7-mime"),
    "signed twice": HEAD + part(signed(HEAD + part(signed(INNER), "smime.p7m")), "smime.p7m"),
    "a signed file": mixed(part(signed(X), "a.xlsx.p7m")),
    "an Apple double": mixed(
        mixed(
            part(apple(0x00051607), "a.xlsx", "application/applefile"), part(X, "a.xlsx"), head=b"", kind="appledouble"
        )
    ),
    "an Apple double without its type": mixed(part(apple(0x00051607), "a.xlsx"), part(X, "a.xlsx")),
    "an Apple single": mixed(part(apple(0x00051600, X), "a.xlsx", "application/applefile")),
    "an .eml with a byte order mark": mixed(part(b"\xef\xbb\xbf" + INNER, "x.eml")),
    "an .eml with a blank line first": mixed(part(b"\r\n" + INNER, "x.eml")),
    "a signed file named .p7s": mixed(part(signed(X), "a.xlsx.p7s")),
    "a resource fork without its mark": mixed(part(b"fork", "._a.xlsx", "application/applefile"), part(X, "a.xlsx")),
    "a uuencoded file of which nothing says so": mixed(
        b'Content-Type: application/octet-stream; name="a.xlsx"\r\n\r\n' + uuencoded(X)
    ),
    "a zip without a name": mixed(part(zipped("a.xlsx", X))),
    "a workbook said to be a picture of the text": mixed(part(X, "a.xlsx", "image/png", b" base64\r\nContent-ID: <1>")),
    **{
        f"coding {coding!r}": mixed(part(X, "a.xlsx", coding=coding))
        for coding in (
            b" base64 ", b" base64;", b" base64,", b' "base64"', b" Base64 (Outlook)", b" (x) base64", b"base-64",
            b" base64; charset=utf-8", b"\tBASE64\t", b" base64.", b"", b" 8bit", b" 7bit;",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("raw", OPENED.values(), ids=OPENED.keys())
def test_what_the_standard_allows_is_opened(raw: bytes) -> None:
    found = find_workbooks(Incoming(raw))
    assert [(one.name, one.data) for one in found.workbooks] == [("a.xlsx", X)]
    assert found.others == ()


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
def test_a_workbook_without_a_name_is_found_by_what_it_is(kind: str) -> None:
    (one,) = find_workbooks(Incoming(mixed(part(X, kind=kind)))).workbooks
    assert (one.name, one.data) == ("tep-dinh-kem.xlsx", X)
    (pasted,) = find_workbooks(Incoming(text_of(quoted(encodebytes(X)), b"Tran trong"))).workbooks
    assert (pasted.name, pasted.data) == (one.name, X)


def opened(*parts: bytes) -> Opened:
    vouched = f"Authentication-Results: {passed()}\r\nFrom: <{SCT}>\r\n".encode()
    return open_message(mixed(*parts, head=HEAD).replace(b"From: Van thu <vanthu@so.example>\r\n", vouched), OURS)


ENVELOPED = b"\x30\x15\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x08\x30\x06\x02\x01\x00\x31\x00\x30\x00"
CLOSED = {
    "enveloped": (part(ENVELOPED, "smime.p7m", "application/pkcs7-mime"), "S/MIME"),
    "pgp": (part(b"Version: 1", "", "application/pgp-encrypted"), "PGP"),
    "rar": (part(b"Rar!\x1a\x07", "báo cáo.rar"), ".zip không mật khẩu"),
    "7z": (part(b"7z\xbc\xaf", "b.7z"), ".zip không mật khẩu"),
    "msg": (part(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Báo cáo.msg"), ".msg"),
    "partial": (part(b"x", "", "message/partial; number=1; total=2; id=a"), "chia thành nhiều phần"),
    "external": (part(b"x", "", "message/external-body; access-type=URL"), "đường dẫn"),
    "rar without a name": (part(b"Rar!\x1a\x07\0"), ".zip không mật khẩu"),
    "rar in a zip": (part(zipped("a.rar", b"Rar!"), "b.zip"), ".zip không mật khẩu"),
    "split": (part(b"x", "b.xlsx.7z.001"), "không chia nhỏ"),
    "saved mail": (part(b"12\n", "thu.emlx"), "chuyển tiếp"),
    "a workbook saved as a web page": (part(page("sheet001.htm", b"<html>"), "b.mht"), "lưu lại thành .xlsx"),
    "spoilt code in the text": (b"\r\nbegin 644 a.xlsx\r\n`\r\nend\r\n", "không có nội dung đọc được"),
    "an empty workbook": (part(b"", "a.xlsx"), "không có nội dung đọc được"),
    "pgp in the text": (b"\r\n> -----BEGIN PGP MESSAGE-----\r\n", "PGP"),
    "yEnc in the text": (b"\r\n=ybegin line=128 size=9 name=a.xlsx\r\n", "yEnc"),
    "pkcs7 in the text": (b"\r\n-----BEGIN PKCS7-----\r\nMII\r\n", "S/MIME"),
    "binhex in the text": (b"\r\n(This file must be converted with BinHex 4.0)\r\n:", "BinHex"),
    "binhex": (part(b"(This file", "a.hqx", "application/mac-binhex40"), "BinHex"),
}


@pytest.mark.parametrize(("raw", "said"), CLOSED.values(), ids=CLOSED.keys())
def test_what_cannot_be_opened_is_told_with_how_to_send_it(raw: bytes, said: str) -> None:
    decision = decide(plan(), opened(raw), is_ours=False, is_flood=False)
    assert decision.fate is Fate.ANSWERED
    assert said in decision.why
    assert "đính kèm thẳng tệp .xlsx" in decision.why
    assert "không kèm tệp nào" not in decision.why


def test_what_can_be_opened_beside_it_needs_no_word() -> None:
    one = opened(part(X, "a.xlsx"), part(b"Rar!", "b.rar"))
    assert [file.name for file in one.found.workbooks] == ["a.xlsx"]
    assert one.found.remedies == ()


def test_an_empty_mail_is_said_to_be_empty() -> None:
    decision = decide(plan(), open_message(letter().as_bytes(), OURS), is_ours=False, is_flood=False)
    assert decision.why == "Thư không kèm tệp nào."


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (part(b"\x89PNG", "", "application/octet-stream"), "tệp không tên"),
        (part(b"Subject: x\r\n\r\nKinh gui", "cam on.eml"), "cam on.eml"),
        (part(zipped(".an", b""), "trong.zip"), "trong.zip"),
        (part(b"begin-base64 644 a\n?", "cong van.pdf"), "cong van.pdf"),
    ],
)
def test_something_was_there_all_the_same(raw: bytes, name: str) -> None:
    decision = decide(plan(), opened(raw), is_ours=False, is_flood=False)
    assert decision.why == f"Thư chỉ kèm “{name}”, không có biểu mẫu báo cáo."


def test_a_sentence_that_begins_like_code_is_a_sentence() -> None:
    for text in (b"begin 2022 voi bao cao\r\n", b"> begin 644 lan\r\n> \r\n", b"UEsDB la gi\r\n"):
        assert find_workbooks(Incoming(text_of(text))).others == ()


def test_noise_in_every_container_costs_nothing() -> None:
    for name in ("a.eml", "a.p7m", "a.zip", "winmail.dat", "a.xlsx.p7m"):
        for data in (b"", b"\0" * 50, b"\x30\x80" * 3_000, b"PK\x03\x04" + b"x" * 90, b"From: x"):
            find_workbooks(Incoming(mixed(part(data, name))))
