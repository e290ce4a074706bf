"""Filling a blank form as a clerk does, and the clean submissions that tests build on."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook, load_workbook
from support.workbooks.samples import cell_of, clean, filled_workbook, plan, write_filled

from baocao.domain.planned.form import Rows
from baocao.domain.planned.period import Period
from baocao.excel.measure import height, lines_needed
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.filling import Filled, fill_form, row_numbers

FORMS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}


def test_a_clerk_fills_the_cells_that_the_layout_names(tmp_path: Path) -> None:
    shipped, path = plan(), tmp_path / "filled.xlsx"
    filled = Filled(
        info={"cutoff_date": date(2022, 10, 18), "prepared_by": "=Người lập"},
        tables={"figures": {"B9": {"numerator": 3, "denominator": "1.234", "note": "-"}, "C1": {"denominator": 0}}},
        free={"difficulties": [{"difficulty": "Một"}, {"difficulty": "Hai", "is_beyond_authority": "x"}]},
    )
    write_filled(path, shipped, "SCT", "2022-10", filled)
    book = load_workbook(path)
    assert cell_of(book, "Thông tin", "", "Ngày chốt số liệu").value.date() == date(2022, 10, 18)
    assert cell_of(book, "Thông tin", "", "Người lập biểu").data_type == "s"
    assert cell_of(book, "Chỉ tiêu", "B9", "Tử số").value == 3
    assert cell_of(book, "Chỉ tiêu", "B9", "Mẫu số").value == "1.234"
    assert cell_of(book, "Chỉ tiêu", "B9", "Tỷ lệ (%)").value is None
    assert cell_of(book, "Khó khăn, kiến nghị", "2", "Vượt thẩm quyền").value == "x"


def test_rows_grow_with_what_is_filled_in(tmp_path: Path) -> None:
    note = "Chưa rà soát xong; " * 12
    filled = Filled(tables={"figures": {"A1": {"note": note}, "A2": {"note": "ngắn"}}})
    sheet = plan().forms["thang"].sheet("figures")
    book = load_workbook(write_filled(tmp_path / "filled.xlsx", plan(), "SCT", "2022-10", filled))
    rows, heights = row_numbers(book["Chỉ tiêu"], sheet), book["Chỉ tiêu"].row_dimensions
    assert heights[rows["A1"]].height >= height(lines_needed(note, sheet.column("note").width))
    assert heights[rows["A1"]].height > heights[rows["A2"]].height >= height(2)


@pytest.mark.slow
def test_ratios_are_left_as_formulas_or_given_values(tmp_path: Path) -> None:
    shipped = plan()
    form, unit = shipped.forms["thang"], shipped.unit_by_code["SCT"]
    filled = Filled(
        tables={
            "figures": {
                "A1": {"numerator": 2, "denominator": 3},
                "B1": {"numerator": 0, "denominator": 0},
                "B2": {"numerator": 1, "denominator": 2, "ratio_pct": 40},
            }
        }
    )
    source = tmp_path / "blank.xlsx"
    write_blank(shipped, form, unit, Period(2022, 10), NOTHING_KNOWN, source)
    as_formula, as_value = tmp_path / "formula.xlsx", tmp_path / "value.xlsx"
    fill_form(source, as_formula, form, filled)
    fill_form(source, as_value, form, filled, ratios_as_values=True)
    assert cell_of(load_workbook(as_formula), "Chỉ tiêu", "A1", "Tỷ lệ (%)").data_type == "f"
    values = {c: cell_of(load_workbook(as_value), "Chỉ tiêu", c, "Tỷ lệ (%)").value for c in ("A1", "B1", "B2", "A4")}
    assert values == {"A1": 66.67, "B1": None, "B2": 40, "A4": None}


@pytest.mark.parametrize("key", FORMS)
def test_filling_what_the_form_has_not_fails(tmp_path: Path, key: str) -> None:
    shipped = plan()
    form, unit = shipped.forms[key], shipped.unit_by_code["SCT"]
    source = tmp_path / "blank.xlsx"
    write_blank(shipped, form, unit, Period.parse(FORMS[key]), NOTHING_KNOWN, source)
    sheet = next(sheet for sheet in form.sheets if sheet.rows is not Rows.FREE)
    for filled in (
        Filled(info={"nothing": 1}),
        Filled(tables={sheet.key: {"Z9": {}}}),
        Filled(tables={sheet.key: {"A1": {"nothing": 1}}}),
        Filled(tables={"nothing": {}}),
    ):
        with pytest.raises(KeyError):
            fill_form(source, tmp_path / "target.xlsx", form, filled)


@pytest.mark.parametrize("period", [str(period) for period in plan().periods])
def test_clean_submissions_keep_the_bounds_of_joint_figures(period: str) -> None:
    shipped = plan()
    form = shipped.form_of(Period.parse(period))
    for unit in shipped.units:
        rows = clean(shipped, form, unit.code, period).tables.get("figures", {})
        for indicator in shipped.indicators:
            if not rows or indicator.is_separate or not indicator.components:
                continue
            parts = [rows[component.code] for component in indicator.components]
            counted = SimpleNamespace(**rows[indicator.code])
            assert {part["denominator"] for part in parts} == {counted.denominator}
            numerators = [int(str(part["numerator"])) for part in parts]
            assert counted.numerator <= min(numerators)
            assert counted.numerator >= sum(numerators) - (len(parts) - 1) * counted.denominator


@pytest.mark.slow
def test_a_fault_can_be_planted(tmp_path: Path) -> None:
    def plant(book: Workbook) -> None:
        cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = -5

    path = filled_workbook(tmp_path, "SNV", "2022-11", plant)
    assert cell_of(load_workbook(path), "Chỉ tiêu", "A1", "Tử số").value == -5
    assert cell_of(load_workbook(path), "Thông tin", "", "Mã đơn vị").value == "SNV"
