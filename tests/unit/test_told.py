"""What a unit explains in a reply, line by line."""

import pytest

from baocao.domain.received.told import read_told
from baocao.message.incoming import Incoming
from baocao.message.reply_text import written_lines


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Giải trình B1: máy chủ mới chuyển giao"], [("B1", "máy chủ mới chuyển giao")]),
        (["giai trinh: do đổi cách tính"], [("", "do đổi cách tính")]),
        (
            ["Giải trình ô D17 : rà soát lại,", "biên bản 12/BB", "", "Trân trọng."],
            [("D17", "rà soát lại, biên bản 12/BB")],
        ),
        (
            ["- A2.1: thêm hai thủ tục", "III.1.2： chờ văn bản"],
            [("A2.1", "thêm hai thủ tục"), ("III.1.2", "chờ văn bản")],
        ),
        (["Kính gửi Sở,", "", "Cảm ơn: đã nhận.", "Hạn nộp: trước 20/10", "B1 đã xem lại rồi"], []),
        (["Giải trình B1:"], []),
        (["Giải trình B1:", "do sáp nhập"], [("B1", "do sáp nhập")]),
    ],
)
def test_explanations_are_known_by_their_beginning(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert read_told(lines) == expected


def test_what_is_quoted_is_not_said() -> None:
    text = "Giải trình B1: rà soát\n\nTừ: Sở Thông tin\nB2: không phải lời của đơn vị\n"
    message = Incoming(f"Content-Type: text/plain; charset=utf-8\n\n{text}".encode())
    assert written_lines(message) == ("Giải trình B1: rà soát", "")
