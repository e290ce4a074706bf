"""An approver's line: what is a decision, and what is none."""

import pytest

from baocao.domain.approving import Opinion, read_opinion
from baocao.message.incoming import Incoming
from baocao.message.reply_text import first_line


@pytest.mark.parametrize("line", ["Đồng ý", "  đồng ý.", "DUYỆT", "Dong y", "“Duyệt”!", "Đồng ý duyệt"])
def test_approved(line: str) -> None:
    assert read_opinion(line) == Opinion(is_approved=True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Không duyệt: số liệu B4 cần xem lại", "số liệu B4 cần xem lại"),
        ("Khong dong y, thieu SNV.", "thieu SNV"),
        ("Chưa duyệt – chờ Sở Công Thương", "chờ Sở Công Thương"),
        ("Không duyệt", ""),
        ("Không duyệt: lý do", ""),
        ("Không duyệt: (nêu lý do)", ""),
    ],
)
def test_refused(line: str, reason: str) -> None:
    assert read_opinion(line) == Opinion(is_approved=False, reason=reason)


@pytest.mark.parametrize(
    "line", ["", "Đồng ý nhưng sửa lại B4", "Duyệt với điều kiện", "Tôi sẽ xem", "Không duyệtx", "Kính gửi đồng chí"]
)
def test_no_decision(line: str) -> None:
    assert read_opinion(line) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/plain; charset=utf-8\n\n\n> cu\n  Duy\xe1\xbb\x87t \nVao luc 8:00, da viet:\n> ...",
        (
            b"Content-Type: text/html; charset=utf-8\n\n<html><head><title>Re</title><style>p{}</style></head>"
            b"<body><!-- x --><div><p>Duy&#7879;t</p><blockquote>Kh\xc3\xb4ng</blockquote></div></body></html>"
        ),
        (
            b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\n"
            b"Content-Type: text/html; charset=utf-8\n\n<div>Duy\xe1\xbb\x87t</div><div>Ky</div>\n--b--\n"
        ),
        b"Content-Type: text/plain; charset=khong-co\n\nDuy\xe1\xbb\x87t\n",
    ],
)
def test_the_first_line_of_a_reply(raw: bytes) -> None:
    assert first_line(Incoming(raw)) == "Duyệt"


def test_a_reply_without_a_word_has_none() -> None:
    assert first_line(Incoming(b"Subject: Re\n\n> Duyet\n")) == ""
