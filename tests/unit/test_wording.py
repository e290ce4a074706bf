"""Numbers, dates and findings as a Vietnamese reader sees them."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.domain.planned.indicator import Direction
from baocao.domain.received.finding import Finding, Rule, Severity, clip, place
from baocao.domain.received.submission import Verdict, judge
from baocao.domain.reported.progress import is_reached, ratio_pct
from baocao.domain.wording import (
    Most,
    count_text,
    date_text,
    decimal_text,
    digits_to_tell,
    enumeration,
    long_date_text,
    moment_text,
    percent_text,
    points_text,
    shown_pct,
)

RULE = Rule("r", Severity.CRITICAL, "Ô {cell} ghi “{value}”; cần {expected}.", "Hãy sửa {what}.", "…")


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0, "0"), (999, "999"), (1234, "1.234"), (1234567.0, "1.234.567")]
)
def test_counts_are_grouped_by_dots(value: float | None, text: str) -> None:
    assert count_text(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1.234,5"), (85.0, 1, "85"), (85.04, 1, "85"), (0.125, 2, "0,12"), (1000000.25, 2, "1.000.000,25")],
)
def test_decimals_have_a_comma_and_no_empty_digits(value: float, digits: int, text: str) -> None:
    assert decimal_text(value, digits) == text


@pytest.mark.parametrize(
    ("ratio", "target", "text"),
    [
        (None, 100, "Không phát sinh"),
        (99.96, 100, "99,9%"),
        (99.999999, 100, "99,9%"),
        (100, 100, "100%"),
        (79.96, 80, "79,9%"),
        (79.96, 60, "80%"),  # far above its target: rounded like any other
        (99.96, 60, "99,9%"),  # but never shown as all
        (59.95, 60, "59,9%"),
        (66.66666, 60, "66,7%"),
        (0, 60, "0%"),
        (85.05, 60, "85,1%"),  # as a spreadsheet rounds it
        (57.5, 57.5, "57,5%"),
        (5.04, Most(5), "5,1%"),  # better lower: above its target, never shown as it
        (4.96, Most(5), "5%"),
        (99.96, Most(5), "99,9%"),
    ],
)
def test_a_ratio_is_never_rounded_up_to_its_target(ratio: float | None, target: float, text: str) -> None:
    assert percent_text(ratio, target) == text


TARGETS = st.one_of(st.sampled_from([57, 60, 80, 100, 57.5, 99.9, 66.67, 8.2]), st.integers(1, 100))


@given(st.integers(0, 10**7), st.integers(1, 10**7), TARGETS)
def test_the_ratio_never_contradicts_the_counts(part: int, whole: int, target: float) -> None:
    """Ratios are rounded once only, so that what lies on its target is its target: 57/100 is 57."""
    numerator, denominator = min(part, whole), max(part, whole)
    exact = Fraction(numerator, denominator) * 100 >= Fraction(str(target))
    ratio = ratio_pct(numerator, denominator)
    assert ratio is not None
    assert is_reached(numerator, denominator, target) is exact is (ratio >= target)


@given(st.floats(0, 100), TARGETS)
def test_a_spreadsheet_that_rounds_never_lifts_a_ratio_to_its_target_or_to_all(ratio: float, target: float) -> None:
    digits = digits_to_tell(ratio, target)
    rounded = round(Decimal(repr(ratio)), digits)
    assert digits == 6 or all(not ratio < bound <= rounded for bound in (target, 100))


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.sampled_from([60, 80, 100]))
def test_what_is_shown_agrees_with_the_verdict(part: int, whole: int, target: int) -> None:
    numerator, denominator = min(part, whole), max(part, whole)
    ratio = ratio_pct(numerator, denominator)
    assert ratio is not None
    shown = shown_pct(ratio, target)
    assert (shown >= target) == is_reached(numerator, denominator, target)
    assert abs(shown - ratio) <= 0.1
    assert (shown == 100) == (numerator == denominator)
    lower = is_reached(numerator, denominator, target, Direction.LOWER)
    assert (shown_pct(ratio, Most(target)) <= target) == lower


def test_dates_and_moments() -> None:
    assert date_text(date(2022, 10, 5)) == "05/10/2022"
    assert moment_text(datetime(2022, 10, 5, 8)) == "08 giờ 00 ngày 05/10/2022"
    assert long_date_text(date(2023, 2, 5)) == "ngày 05 tháng 02 năm 2023"
    assert long_date_text(date(2022, 10, 24)) == "ngày 24 tháng 10 năm 2022"
    assert long_date_text(date(2023, 3, 1)) == "ngày 01 tháng 3 năm 2023"


def test_points_and_enumerations() -> None:
    assert (points_text(-2.54), points_text(3)) == ("2,5 điểm phần trăm", "3 điểm phần trăm")
    assert [enumeration(["A", "B", "C"][:count]) for count in range(4)] == ["", "A", "A và B", "A, B và C"]


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    found = RULE.at(sheet="Chỉ tiêu", cell="D8", code="A1", value=-5, expected="số không âm", what="tử số")
    assert found == Finding(
        "r",
        Severity.CRITICAL,
        "Ô D8 ghi “-5”; cần số không âm. Hãy sửa tử số.",
        "Chỉ tiêu",
        "D8",
        "A1",
        "-5",
        "số không âm",
    )
    row = ["rule", "severity", "sheet", "cell", "code", "value", "expected", "message", "also"]
    assert list(found.as_row()) == row


def test_text_of_a_workbook_is_only_text_in_a_finding() -> None:
    hostile = "{cell.__class__} {0} %s\r\nX-Header: a " + "dài" * 100
    found = RULE.at(cell="D8", value=hostile, expected="x", what="{}")
    assert "{cell.__class__} {0} %s X-Header: a" in found.message
    assert "\n" not in found.message
    assert found.value == clip(hostile)
    assert len(found.value or "") == 120


@pytest.mark.parametrize(
    ("sheet", "cell", "text"),
    [(None, None, "Cả tệp"), ("Chỉ tiêu", None, "Chỉ tiêu"), ("Chỉ tiêu", "D8", "Chỉ tiêu!D8")],
)
def test_places(sheet: str | None, cell: str | None, text: str) -> None:
    assert place(Finding("r", Severity.INFO, "", sheet, cell)) == text


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], Verdict.ACCEPTED),
        ([("w", Severity.WARNING), ("i", Severity.INFO)], Verdict.ACCEPTED),
        ([("w", Severity.WARNING), ("c", Severity.CRITICAL)], Verdict.REJECTED),
        ([("c", Severity.CRITICAL), ("file_encrypted", Severity.CRITICAL)], Verdict.UNREADABLE),
    ],
)
def test_one_critical_finding_sends_a_submission_back(rules: list[tuple[str, Severity]], verdict: Verdict) -> None:
    assert judge([Finding(name, severity, "") for name, severity in rules]) is verdict


@given(st.floats(0, 100), TARGETS)
def test_a_ratio_that_misses_what_it_is_to_be_at_most_is_never_rounded_down_to_it(ratio: float, target: float) -> None:
    digits = digits_to_tell(ratio, Most(target))
    rounded = round(Decimal(repr(ratio)), digits)
    assert digits == 6 or not rounded <= target < ratio
    assert digits == 6 or not ratio < 100 <= rounded


@pytest.mark.parametrize(
    ("ratio", "target", "digits"), [(59.94, 60.0, 1), (59.96, 60.0, 2), (5.04, Most(5.0), 2), (100.0, 60.0, 1)]
)
def test_as_many_decimals_as_tell_a_ratio_from_its_target(ratio: float, target: float, digits: int) -> None:
    assert digits_to_tell(ratio, target) == digits
