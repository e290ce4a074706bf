"""The worst messages that a stranger can send: each small or of bearable size, each made to keep its reader busy."""

import zipfile
from base64 import encodebytes
from collections.abc import Callable, Iterator
from io import BytesIO

FROM = b"From: Nguoi la <nguoila%d@la.example>\r\nMessage-ID: <la.%d@la.example>\r\nSubject: Bao cao\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
Make = Callable[[int], bytes]


def attached(name: bytes, data: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A part of a multipart whose boundary is «x»."""
    head = b'--x\r\nContent-Type: %b; name="%b"\r\nContent-Transfer-Encoding: base64\r\n\r\n' % (kind, name)
    return head + encodebytes(data) + b"\r\n"


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _nested_zips(size: int) -> bytes:
    data = zipped({"a.xlsx": b"PK\x03\x04"})
    for _ in range(size):
        data = zipped({"a.zip": data})
    return MIXED + attached(b"a.zip", data)


def _bombs(size: int) -> bytes:
    bomb = zipped({f"{number}.xlsx": bytes(20 << 20) + b"%d" % number for number in range(3)})
    return MIXED + b"".join(attached(b"%d.zip" % number, bomb + b"%d" % number) for number in range(size))


def _directory(size: int) -> bytes:
    return MIXED + attached(b"a.zip", zipped({f"{number}": b"" for number in range(size)}))


def _mail_in_mail(size: int) -> bytes:
    inner = b"Subject: x\r\n\r\nx"
    for _ in range(size):
        inner = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(inner)
    return inner


def _files(size: int) -> bytes:
    return MIXED + b"".join(attached(b"%d.xlsx" % number, b"PK so lieu %d" % number) for number in range(size))


def _status(size: int) -> bytes:
    block = b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n"
    return MIXED + b"--x\r\nContent-Type: message/delivery-status\r\n\r\n" + block * size


KINDS: dict[str, tuple[Make, tuple[int, int, int, int]]] = {
    "from quotes": (lambda n: b"From: " + b'"' * n + b"\r\n\r\n", (1 << 20, 10_000, 100_000, 4 << 20)),
    "from escapes": (lambda n: b"From: " + b'"\\' * n + b" @x.example\r\n\r\n", (1_000, 8_000, 100_000, 500_000)),
    "from comments": (lambda n: b"From: " + b"(" * n + b"@\r\n\r\n", (1_900, 16_000, 100_000, 1 << 20)),
    "from list": (lambda n: b"From: " + b"a@b.example," * n + b"\r\n\r\n", (100, 1_300, 10_000, 90_000)),
    "parameters": (lambda n: b"Content-Type: a/b; " + b'a="b;";' * n + b"\r\n\r\n", (500, 5_000, 50_000, 150_000)),
    "continued": (
        lambda n: (
            b"Content-Disposition: attachment; " + b"".join(b"filename*%d=a;" % k for k in range(n)) + b"\r\n\r\n"
        ),
        (500, 5_000, 20_000, 60_000),
    ),
    "name quotes": (lambda n: b'Content-Type: a/b; name="' + b'\\";' * n + b"\r\n\r\n", (500, 5_000, 50_000, 300_000)),
    "subject words": (lambda n: b"Subject: " + b"=?utf-8?b?QQ==?= " * n + b"\r\n\r\n", (500, 5_000, 20_000, 60_000)),
    "references": (lambda n: b"References: " + b"<a@b>\r\n " * n + b"x\r\n\r\n", (500, 5_000, 50_000, 150_000)),
    "results": (
        lambda n: b"Authentication-Results: mx.ninhbinh.example; " + b"(" * n + b'"' * n + b"\r\n\r\n",
        (500, 8_000, 50_000, 500_000),
    ),
    "headers": (lambda n: b"X: y\r\n" * n + b"\r\n", (1_000, 20_000, 100_000, 1_000_000)),
    "parts": (lambda n: MIXED + b"--x\r\n\r\na\r\n" * n, (1_900, 10_000, 100_000, 1_000_000)),
    "files": (_files, (51, 1_000, 1_900, 10_000)),
    "nested parts": (
        lambda n: b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (k, k) for k in range(n)),
        (200, 900, 3_000, 20_000),
    ),
    "nested mails": (lambda n: b"Content-Type: message/rfc822\r\n\r\n" * n, (100, 900, 3_000, 20_000)),
    "coded mails": (_mail_in_mail, (5, 12, 20, 28)),
    "nested zips": (_nested_zips, (5, 20, 100, 300)),
    "bombs": (_bombs, (1, 2, 30, 200)),
    "directory": (_directory, (1_900, 3_000, 30_000, 100_000)),
    "outlook": (
        lambda n: MIXED + attached(b"winmail.dat", b"\x78\x9f\x3e\x22\x01\x00" + b"\x02\x05\x90\x06\x00" * n),
        (500, 5_000, 50_000, 500_000),
    ),
    "uuencode": (lambda n: b"\r\n" + b"begin 644 a.xlsx\r\n#86)C\r\n" * n, (500, 5_000, 50_000, 500_000)),
    "signed": (lambda n: MIXED + attached(b"a.p7m", b"\x30\x80" * n), (200, 5_000, 50_000, 500_000)),
    "notices": (_status, (500, 5_000, 20_000, 100_000)),
    "one line": (lambda n: b"\r\n" + b"x" * n, (1 << 20, 4 << 20, 8 << 20, 12 << 20)),
    "bare ends": (lambda n: MIXED + b"--x\r\n\r\n" + b"\r" * n, (1_000, 100_000, 1 << 20, 4 << 20)),
}


def worst_hundred() -> Iterator[tuple[str, bytes]]:
    """A hundred messages with their names."""
    for number, (name, (make, sizes)) in enumerate(KINDS.items()):
        for at, size in enumerate(sizes):
            body = make(size)
            has_sender = body.startswith(b"From: ")
            head = b"" if has_sender else FROM % (number, 10 * number + at)
            yield f"{name} {size}", head + body
