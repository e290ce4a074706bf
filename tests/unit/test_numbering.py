"""The number and date of a document, read from what somebody wrote."""

from datetime import date

import pytest

from baocao.domain.received.numbering import Numbered, read_date, read_numbered

DAY = date(2022, 10, 25)


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["Số 123/BC-STTTT ngày 25/10/2022"], "123/BC-STTTT"),
        (["Số: 123/BC-STTTT,", "ngày 25 tháng 10 năm 2022."], "123/BC-STTTT"),
        (["Ngày 25-10-2022", "45/2022/BC-SKH&ĐT"], "45/2022/BC-SKH&ĐT"),
        (["25.10.2022 – số 7/BC-UBND."], "7/BC-UBND"),
    ],
)
def test_read(lines: list[str], number: str) -> None:
    assert read_numbered(lines) == Numbered(number, DAY)


@pytest.mark.parametrize(
    "text", ["", "Số 123/BC-STTTT", "ngày 25/10/2022", "Số 123/BC ngày 31/02/2022", "đã ký 12/2022"]
)
def test_what_is_not_both_is_none(text: str) -> None:
    assert read_numbered([text]) is None


def test_a_day_that_does_not_exist_is_none() -> None:
    assert read_date("hạn 31/11/2022") is None
