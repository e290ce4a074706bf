"""Counts as they are typed: exact whole numbers up to the plan's limit, refused above it, never rounded."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from support.workbooks.content import PLAN, clean_content, counted
from support.workbooks.samples import cell_of, filled_workbook, plan

from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.history import History
from baocao.isolation.pools import close_pools, lent_pool
from baocao.workbook.cells import Fault, parse_number, parse_text
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch

HELD = 11111111111111111111


@pytest.mark.slow
@pytest.mark.parametrize("typed", [HELD, str(HELD), "11.111.111.111.111.111.111", -HELD], ids=str)
def test_a_held_key_is_refused_at_both_cells(tmp_path: Path, typed: object) -> None:
    places: list[str] = []

    def edit(book: Workbook) -> None:
        for header in ("Tử số", "Mẫu số"):
            cell = cell_of(book, "Chỉ tiêu", "A1", header)
            cell.value = typed  # type: ignore[assignment]
            places.append(cell.coordinate)

    content = read_workbook(filled_workbook(tmp_path, edit=edit), plan())
    (checked,) = check_batch(plan(), [content], History())

    found = [one for one in checked.findings if one.code == "A1" and one.severity == "critical"]
    assert [(one.rule, one.cell) for one in found] == [("count_limit", place) for place in places]
    assert all("e+" not in one.message for one in found)
    assert {row.code: row.values["numerator"] for row in content.rows("figures")}["A1"] is None


@pytest.mark.parametrize("kind", [ColumnType.COUNT, ColumnType.AMOUNT])
def test_numbers_are_exact_or_refused(kind: ColumnType) -> None:
    assert parse_number(2.0**53, kind) == 9007199254740992
    assert parse_number("9007199254740991", kind) == 9007199254740991
    assert parse_number(2.0**53 + 2, kind) is Fault.COUNT_LIMIT
    assert parse_number("9007199254740993000", kind) is Fault.COUNT_LIMIT
    for text in ("9007199254740993", "9.007.199.254.740.993", "-9007199254740993", " 9007199254740993 "):
        assert parse_number(text, kind) is Fault.COUNT_LIMIT
    assert parse_number("9007199254740992", kind) == 9007199254740992


def test_a_large_number_is_shown_with_all_its_digits() -> None:
    assert parse_text(float(HELD)) == "11111111111111100000"
    assert parse_text(0.00001) == "0,00001"
    assert parse_text(1234.5) == "1234,5"


def test_an_indicator_may_have_a_limit_of_its_own() -> None:
    indicators = tuple(
        one.model_copy(update={"count_limit": 500}) if one.code == "A1" else one for one in PLAN.indicators
    )
    strict = PLAN.model_copy(update={"indicators": indicators, "count_limit": 1000})
    content = counted(counted(clean_content(), "A1", 501, 501), "B1", 1000, 1000)
    (checked,) = check_batch(strict, [content], History())

    found = [(one.code, one.rule, one.expected) for one in checked.findings if one.severity == "critical"]
    assert found == [("A1", "count_limit", "số nguyên từ 0 đến 500")] * 2


def test_readers_of_a_plan_that_was_changed_are_not_lent_again(tmp_path: Path) -> None:
    path = filled_workbook(tmp_path)
    fields = {name: getattr(PLAN, name) for name in Plan.model_fields}
    changed = Plan(**{**fields, "units": tuple(unit for unit in PLAN.units if unit.code != "SCT")})
    close_pools()
    with lent_pool(PLAN) as first:
        assert next(first.read_all([path])).unit == "SCT"
    with lent_pool(PLAN.model_copy()) as again:
        assert again is first
    with lent_pool(changed) as other:
        assert next(other.read_all([path])).unit is None
    close_pools()
