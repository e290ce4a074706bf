"""A difficulty that says itself that it is settled, however it begins and however its accents are written."""

import unicodedata

import pytest

from baocao.domain.reported.followed import says_settled
from baocao.domain.reported.progress import Difficulty


@pytest.mark.parametrize(
    "text", ["Đã giải quyết", "- Đã được đáp ứng.", "đã xong, cảm ơn", "DA XU LY", "• : Đã hoàn thành"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_row_that_says_that_it_is_settled_is_no_proposal(text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)
    assert says_settled(Difficulty(unit="SCT", difficulty="Thiếu máy", proposal=written))
    assert says_settled(Difficulty(unit="SCT", difficulty=written))


@pytest.mark.parametrize("text", ["Chưa giải quyết", "Đang xử lý", "Đề nghị xử lý; đã xong một phần", "Đã xongxuôi"])
def test_what_only_mentions_it_is_still_asked(text: str) -> None:
    assert not says_settled(Difficulty(unit="SCT", difficulty="Thiếu máy", proposal=text))
