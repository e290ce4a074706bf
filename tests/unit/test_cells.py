"""Cells as Vietnamese offices write them: what is read, what is refused, and that nothing is guessed."""

import math
import unicodedata
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.planned.period import Period
from baocao.domain.wording import count_text, decimal_text
from baocao.workbook.cells import (
    Fault,
    Raw,
    fold,
    parse_choice,
    parse_date,
    parse_mark,
    parse_number,
    parse_period,
    parse_text,
)
from baocao.workbook.formats.grid import Grid
from baocao.workbook.reading.values import UNUSUAL, read_value, unprintable_at, usual_in

COUNT, PERCENT, RATIO, AMOUNT = ColumnType.COUNT, ColumnType.PERCENT, ColumnType.RATIO, ColumnType.AMOUNT
NUMBER_COLUMNS = (COUNT, PERCENT, RATIO, AMOUNT)
STATUSES = ("Chưa triển khai", "Đang triển khai", "Hoàn thành", "Không phát sinh")
cells = (
    st.text()
    | st.text(alphabet="0123456789.,-−% \xa0/")
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.integers()
    | st.booleans()
    | st.none()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)


@pytest.mark.parametrize(
    ("raw", "column", "value"),
    [
        ("1234", COUNT, 1234),
        ("1.234", COUNT, 1234),
        ("1.234.567", COUNT, 1234567),
        (" 1 234\xa0", COUNT, 1234),
        ("\u202f12\u200b", COUNT, 12),
        ("-5", COUNT, -5),
        ("−1.234", COUNT, -1234),
        ("12,0", COUNT, 12),
        (12, COUNT, 12),
        (12.0, COUNT, 12),
        (-3, COUNT, -3),
        (2.9999999999996, COUNT, 3),
        (0, COUNT, 0),
        ("", COUNT, None),
        (None, COUNT, None),
        ("  \xa0", COUNT, None),
        ("85,5", PERCENT, 85.5),
        ("85,5%", PERCENT, 85.5),
        ("85,5 %", RATIO, 85.5),
        ("85.5", PERCENT, 85.5),
        ("85.5%", PERCENT, 85.5),
        ("100", PERCENT, 100),
        ("0.855", PERCENT, 0.855),
        ("1.234,5", PERCENT, 1234.5),
        ("1.234.567", PERCENT, 1234567),
        ("Không phát sinh", RATIO, None),
        (85.5, PERCENT, 85.5),
        ("1.234", AMOUNT, 1234),
        ("1.234,5", AMOUNT, 1234.5),
        ("85.5", AMOUNT, 85.5),
        ("1234,567", AMOUNT, 1234.567),
        ("1234.567", AMOUNT, 1234.567),
    ],
)
def test_numbers_are_read_under_vietnamese_habits(raw: object, column: ColumnType, value: float | None) -> None:
    assert parse_number(raw, column) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "column", "fault"),
    [
        ("1,234", COUNT, Fault.AMBIGUOUS_NUMBER),
        ("1,234", PERCENT, Fault.AMBIGUOUS_NUMBER),
        ("1,234", AMOUNT, Fault.AMBIGUOUS_NUMBER),
        ("-12,345", AMOUNT, Fault.AMBIGUOUS_NUMBER),
        ("1.234", PERCENT, Fault.AMBIGUOUS_NUMBER),
        ("1.234%", RATIO, Fault.AMBIGUOUS_NUMBER),
        ("85.5", COUNT, Fault.NOT_WHOLE),
        ("85,5", COUNT, Fault.NOT_WHOLE),
        (12.5, COUNT, Fault.NOT_WHOLE),
        ("85%", COUNT, Fault.NOT_A_NUMBER),
        ("khoảng 20", COUNT, Fault.NOT_A_NUMBER),
        ("12/20", COUNT, Fault.NOT_A_NUMBER),
        ("1.23.456", COUNT, Fault.NOT_A_NUMBER),
        ("1,234,567", COUNT, Fault.NOT_A_NUMBER),
        ("1,234.5", AMOUNT, Fault.NOT_A_NUMBER),
        ("--5", COUNT, Fault.NOT_A_NUMBER),
        ("%", PERCENT, Fault.NOT_A_NUMBER),
        ("١٢", COUNT, Fault.NOT_A_NUMBER),
        ("9" * 400, COUNT, Fault.NOT_A_NUMBER),
        (True, COUNT, Fault.NOT_A_NUMBER),
        (math.nan, COUNT, Fault.NOT_A_NUMBER),
        (math.inf, PERCENT, Fault.NOT_A_NUMBER),
        (date(2022, 10, 1), COUNT, Fault.NOT_A_NUMBER),
        (time(1, 2), COUNT, Fault.NOT_A_NUMBER),
        (timedelta(hours=30), PERCENT, Fault.NOT_A_NUMBER),
        ("#DIV/0!", RATIO, Fault.CELL_ERROR),
    ],
)
def test_numbers_that_are_none_or_two_are_refused(raw: object, column: ColumnType, fault: Fault) -> None:
    assert parse_number(raw, column) is fault  # type: ignore[arg-type]


def test_a_percent_format_makes_a_fraction_a_percentage() -> None:
    assert parse_number(0.855, PERCENT, percent_format=True) == 85.5
    assert parse_number(0.57, RATIO, percent_format=True) == 57
    assert parse_number(1.2, PERCENT, percent_format=True) == 120
    assert parse_number(0.855, PERCENT, percent_format=False) == 0.855
    assert parse_number(1.8e306, PERCENT, percent_format=True) is Fault.NOT_A_NUMBER  # a hundred times it is none
    assert parse_number(0.855, COUNT, percent_format=True) is Fault.NOT_WHOLE


def test_where_the_format_is_unknown_a_fraction_is_ambiguous() -> None:
    assert parse_number(0.855, PERCENT, percent_format=None) is Fault.AMBIGUOUS_NUMBER
    assert parse_number(1, RATIO, percent_format=None) is Fault.AMBIGUOUS_NUMBER
    assert parse_number(0, PERCENT, percent_format=None) == 0
    assert parse_number(85.5, PERCENT, percent_format=None) == 85.5


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (date(2022, 10, 18), date(2022, 10, 18)),
        (datetime(2022, 10, 18, 13, 5), date(2022, 10, 18)),
        ("18/10/2022", date(2022, 10, 18)),
        ("8/1/2023", date(2023, 1, 8)),
        ("18-10-2022", date(2022, 10, 18)),
        ("\xa018/10/2022 ", date(2022, 10, 18)),
        ("", None),
        ("10/18/2022", Fault.NOT_A_DATE),
        ("30/02/2023", Fault.NOT_A_DATE),
        ("18.10.2022", Fault.NOT_A_DATE),
        ("18/10-2022", Fault.NOT_A_DATE),
        ("18/10/22", Fault.NOT_A_DATE),
        ("2022-10-18", Fault.NOT_A_DATE),
        ("18/10/0202", Fault.NOT_A_DATE),
        (date(1900, 1, 1), Fault.NOT_A_DATE),
        (date(2202, 10, 18), Fault.NOT_A_DATE),
        (44852, Fault.NOT_A_DATE),
        (True, Fault.NOT_A_DATE),
        (time(3, 4), Fault.NOT_A_DATE),
        ("#N/A", Fault.CELL_ERROR),
    ],
)
def test_dates(raw: object, value: object) -> None:
    assert parse_date(raw) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("10/2022", Period(2022, 10)),
        ("2022-10", Period(2022, 10)),
        ("Tháng 10/2022", Period(2022, 10)),
        (unicodedata.normalize("NFD", "THÁNG  02 NĂM 2023"), Period(2023, 2)),
        (date(2022, 10, 1), Period(2022, 10)),
        ("01/10/2022", Period(2022, 10)),
        ("", None),
        ("13/2022", Fault.PERIOD_MISMATCH),
        ("tháng mười", Fault.PERIOD_MISMATCH),
        (10.2022, Fault.PERIOD_MISMATCH),
        ("#REF!", Fault.CELL_ERROR),
    ],
)
def test_periods(raw: object, value: object) -> None:
    assert parse_period(raw) == value  # type: ignore[arg-type]


def test_choices_are_found_by_their_folded_text_and_kept_in_the_lists_spelling() -> None:
    assert parse_choice(unicodedata.normalize("NFD", " HOÀN  thành\xa0"), STATUSES) == "Hoàn thành"
    assert parse_choice("Đang triển khai", STATUSES) == "Đang triển khai"
    assert parse_choice("Dang trien khai", STATUSES) is Fault.NOT_IN_LIST
    assert parse_choice(3, STATUSES) is Fault.NOT_IN_LIST
    assert parse_choice("#N/A", STATUSES) is Fault.CELL_ERROR
    assert parse_choice(" ", STATUSES) is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("x", True), (" X ", True), ("✓", True), ("không", False), (True, True), ("", None), ("y", Fault.NOT_IN_LIST)],
)
def test_marks(raw: object, value: object) -> None:
    assert parse_mark(raw) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", ["\uf0fc", " \uf0fe ", "\uf052", "☑", "☒", "√", "✅", "V"])
def test_a_tick_from_word_is_a_mark_and_no_bullet(raw: str) -> None:
    assert parse_mark(raw) is True


@pytest.mark.parametrize("raw", ["☐", "□", "\uf0a8", "\uf06f"])
def test_an_empty_box_is_no_mark(raw: str) -> None:
    assert parse_mark(raw) is False


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (12.0, "12"),
        (12.5, "12,5"),
        (84912345678, "84912345678"),
        (" a\xa0", "a"),
        ("dòng 1\ndòng 2", "dòng 1\ndòng 2"),
        ("a\x00\x0bb\u200b", "ab"),
        (date(2022, 10, 5), "05/10/2022"),
        (True, "TRUE"),
        ("", None),
        (None, None),
    ],
)
def test_texts(raw: object, value: object) -> None:
    assert parse_text(raw) == value  # type: ignore[arg-type]


def test_folding_keeps_what_tells_words_apart() -> None:
    assert fold("  Mã \n\xa0số ") == fold(unicodedata.normalize("NFD", "MÃ SỐ")) == "mã số"
    assert fold("Đơn vị") != fold("Dơn vị")
    assert fold("Đơn vị") == fold("đơn  VỊ")
    assert fold("Ma") != fold("Mã")


@pytest.mark.slow
@given(cells, st.sampled_from(NUMBER_COLUMNS), st.sampled_from((True, False, None)))
def test_any_cell_gives_a_number_a_fault_or_nothing(raw: object, column: ColumnType, percent: bool | None) -> None:
    value = parse_number(raw, column, percent)  # type: ignore[arg-type]
    assert value is None or isinstance(value, Fault) or (type(value) is float and math.isfinite(value))
    if column is COUNT and isinstance(value, float) and not isinstance(value, Fault):
        assert value.is_integer()


@given(cells)
def test_any_cell_gives_a_date_a_text_a_choice_a_mark_a_period_or_a_fault(raw: object) -> None:
    day = parse_date(raw)  # type: ignore[arg-type]
    assert day is None or isinstance(day, Fault) or (type(day) is date and 2000 <= day.year <= 2100)
    text = parse_text(raw)  # type: ignore[arg-type]
    assert text is None or (text == text.strip() != "" and unicodedata.is_normalized("NFC", text))
    assert parse_choice(raw, STATUSES) in (None, Fault.NOT_IN_LIST, Fault.CELL_ERROR, *STATUSES)  # type: ignore[arg-type]
    assert parse_mark(raw) in (None, True, False, Fault.NOT_IN_LIST, Fault.CELL_ERROR)  # type: ignore[arg-type]
    assert isinstance(parse_period(raw), Period | Fault | None)  # type: ignore[arg-type]


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from((COUNT, AMOUNT)))
def test_a_whole_number_written_our_way_is_read_back(number: int, column: ColumnType) -> None:
    assert parse_number(count_text(number), column) == number
    assert parse_number(str(number), column) == number


@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=1, max_value=2))
def test_a_decimal_written_our_way_is_read_back(scaled: int, digits: int) -> None:
    value = scaled / 10**digits
    assert parse_number(decimal_text(value, digits), AMOUNT) == pytest.approx(value)


@given(st.floats(min_value=0, max_value=100).map(lambda value: round(value, 1)))
def test_a_percentage_is_read_alike_as_number_text_and_formatted_fraction(value: float) -> None:
    assert parse_number(value, PERCENT) == value
    assert parse_number(f"{decimal_text(value)}%", PERCENT) == pytest.approx(value)
    assert parse_number(value / 100, PERCENT, percent_format=True) == pytest.approx(value)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_written_our_way_is_read_back(day: date) -> None:
    assert parse_date(f"{day:%d/%m/%Y}") == parse_date(f"{day.day}/{day.month}/{day.year}") == day


@given(st.text())
def test_folding_is_done_once_and_sees_no_composition(text: str) -> None:
    assert fold(fold(text)) == fold(text) == fold(unicodedata.normalize("NFD", text))


def a_column(kind: ColumnType) -> Column:
    return Column(key="key", header="Cột", type=kind, choices=STATUSES if kind is ColumnType.CHOICE else ())


@given(st.lists(cells | st.sampled_from((-0.0, 2.0**53, "", " ", "x", "#N/A", "Hoàn thành", "8/1/2023", "漢"))))
def test_cells_of_a_column_read_together_are_what_each_is_read_alone(raws: list[Raw]) -> None:
    grid = Grid("Trang", [[raw] for raw in raws])
    for kind in ColumnType:
        read = usual_in(a_column(kind))
        for row, raw in enumerate(raws):
            for _ in range(2):  # as it is read, and as it is remembered
                value, fault, _shown = read_value(grid, row, 0, a_column(kind))
                is_usual = fault is None and not unprintable_at(grid, row, 0, value)
                found = read(raw)
                assert found is UNUSUAL or (is_usual and repr(found) == repr(value))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((kind, 12.0) for kind in NUMBER_COLUMNS),
        (ColumnType.CHOICE, "hoàn thành"),
        (ColumnType.DATE, date(2022, 10, 18)),
        (ColumnType.DATE, "18/10/2022"),
        (ColumnType.MARK, "x"),
        (ColumnType.TEXT, "Văn bản số 12"),
        *((kind, None) for kind in ColumnType),
    ],
)
def test_a_cell_as_the_form_asks_needs_no_closer_look(kind: ColumnType, raw: Raw) -> None:
    assert usual_in(a_column(kind))(raw) is not UNUSUAL
