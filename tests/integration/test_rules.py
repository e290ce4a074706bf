"""Every rule that a form's figures can break, planted in a real workbook and found by name at its cell.

The workbooks are the shipped forms, filled and saved by openpyxl, read by the reader, judged in one batch.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.workbooks.samples import cell_of, filled_workbook, plan

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch
from expectations.checks import checks_of

FORMS = {"2022-08": "phan-cong", "2022-10": "thang", "2023-03": "tong-ket"}
INFO, FIGURES, TASKS = "Thông tin", "Chỉ tiêu", "Nhiệm vụ"
ASSIGNED, BUDGET, ASSESSED = "Phân công", "Dự toán", "Tự đánh giá"
Place = tuple[str, str, str]  # sheet, code, header


@dataclass(frozen=True)
class Plant:
    """Cells to overwrite in a clean workbook, and the rule that must be found at the first of them (or ``at``)."""

    rule: str
    edits: dict[Place, object]
    at: Place | None = None
    period: str = "2022-10"
    figures: dict[str, tuple[float, float]] = field(default_factory=dict)
    tasks: dict[str, tuple[float, str]] = field(default_factory=dict)
    periods_past: int = 1

    @property
    def place(self) -> Place:
        return self.at or next(iter(self.edits))


def counts(code: str, numerator: object, denominator: object, **more: object) -> dict[Place, object]:
    """A row of figures overwritten; its ratio is left to be computed."""
    values = {"Tử số": numerator, "Mẫu số": denominator, "Tỷ lệ (%)": None, "Minh chứng": "VB 1", "Ghi chú": "Nêu rõ"}
    return {(FIGURES, code, header): value for header, value in (values | more).items()}


def month_task(code: str, **values: object) -> dict[Place, object]:
    return {(TASKS, code, header): value for header, value in values.items()}


T = "III.1.2"
DONE = {"Trạng thái": "Hoàn thành", "Tiến độ (%)": 100, "Ngày hoàn thành": date(2022, 10, 3), "Sản phẩm": "VB 1"}
RATIO_OFF = counts("B1", 50, 100) | {(FIGURES, "B1", "Tỷ lệ (%)"): 51}

PLANTS = {
    "value_missing: count": Plant("value_missing", counts("A1", None, 60)),
    "value_missing: information": Plant("value_missing", {(INFO, "", "Ngày chốt số liệu"): None}),
    "value_missing: task": Plant("value_missing", {(TASKS, T, "Trạng thái"): None}),
    "negative": Plant("negative", counts("A1", -3, 60)),
    "numerator_le_denominator": Plant("numerator_le_denominator", counts("B1", 101, 100)),
    "ratio_agrees": Plant("ratio_agrees", RATIO_OFF, (FIGURES, "B1", "Tỷ lệ (%)")),
    "joint_le_components": Plant(
        "joint_le_components", counts("A2", 99, 100) | counts("A2.1", 98, 100) | counts("A2.2", 100, 100)
    ),
    "joint_ge_components": Plant(
        "joint_ge_components", counts("A2", 79, 100) | counts("A2.1", 90, 100) | counts("A2.2", 90, 100)
    ),
    "components_same_denominator": Plant(
        "components_same_denominator",
        counts("A2.2", 90, 101) | counts("A2.1", 90, 100) | counts("A2", 90, 100),
        (FIGURES, "A2.2", "Mẫu số"),
    ),
    "headline_empty: A4": Plant("headline_empty", {(FIGURES, "A4", "Tử số"): 3}),
    "headline_empty: B8": Plant("headline_empty", {(FIGURES, "B8", "Mẫu số"): 3}),
    "note_when_below_target": Plant(
        "note_when_below_target", counts("B1", 1, 100, **{"Ghi chú": None}), (FIGURES, "B1", "Ghi chú")
    ),
    "note_when_below_target: component": Plant(
        "note_when_below_target", counts("A4.2", 1, 100, **{"Ghi chú": None}), (FIGURES, "A4.2", "Ghi chú")
    ),
    "progress_range": Plant("progress_range", month_task(T, **{"Tiến độ (%)": 120})),
    "done_means_100": Plant(
        "done_means_100", month_task(T, **(DONE | {"Tiến độ (%)": 80})), (TASKS, T, "Tiến độ (%)")
    ),
    "done_needs_date_and_product: date": Plant(
        "done_needs_date_and_product", month_task(T, **(DONE | {"Ngày hoàn thành": None})),
        (TASKS, T, "Ngày hoàn thành"),
    ),
    "done_needs_date_and_product: product": Plant(
        "done_needs_date_and_product", month_task(T, **(DONE | {"Sản phẩm": None})), (TASKS, T, "Sản phẩm")
    ),
    "done_date_in_past": Plant(
        "done_date_in_past", month_task(T, **(DONE | {"Ngày hoàn thành": date(2022, 10, 30)})),
        (TASKS, T, "Ngày hoàn thành"),
    ),
    "not_started_means_0": Plant(
        "not_started_means_0", month_task(T, **{"Tiến độ (%)": 10, "Trạng thái": "Chưa triển khai"})
    ),
    "result_agrees": Plant(
        "result_agrees", {(ASSESSED, "B1", "Kết quả"): "Đạt"} | counts("B1", 1, 100), period="2023-03"
    ),
    "adjustment_explained": Plant(
        "adjustment_explained",
        {(ASSESSED, "B1", "Nội dung điều chỉnh"): None, (ASSESSED, "B1", "Đề xuất nhân rộng"): "Điều chỉnh"},
        period="2023-03",
    ),
    "value_missing: result": Plant("value_missing", {(ASSESSED, "B1", "Kết quả"): None}, period="2023-03"),
    "value_missing: lead": Plant("value_missing", {(ASSIGNED, "B1", "Chủ trì"): None}, period="2022-08"),
    "due_within_pilot": Plant(
        "due_within_pilot", {(ASSIGNED, T, "Hạn hoàn thành"): date(2023, 3, 1)}, period="2022-08"
    ),
    "amount_positive": Plant("amount_positive", {(BUDGET, "1", "Số tiền (triệu đồng)"): 0}, period="2022-08"),
    "budget_task_known": Plant("budget_task_known", {(BUDGET, "1", "Mã nhiệm vụ"): "III.9.9"}, period="2022-08"),
    "stock_denominator_jump": Plant(
        "stock_denominator_jump", counts("B1", 100, 130), (FIGURES, "B1", "Mẫu số"), figures={"B1": (77, 100)}
    ),
    "ratio_drop": Plant("ratio_drop", counts("B1", 80, 100), figures={"B1": (91, 100)}),
    "ratio_jump": Plant("ratio_jump", counts("A3", 80, 100), figures={"A3": (30, 100)}),
    "outlier": Plant("outlier", counts("B1", 100, 100), figures={"B1": (91, 100)}, periods_past=4),
    "task_regressed": Plant(
        "task_regressed", month_task(T, **{"Tiến độ (%)": 40, "Trạng thái": "Đang triển khai"}),
        tasks={T: (50, "Đang triển khai")},
    ),
    "task_overdue": Plant(
        "task_overdue",
        month_task(T, **{"Trạng thái": "Đang triển khai", "Tiến độ (%)": 90, "Hạn hoàn thành": date(2022, 10, 1)}),
    ),
    "evidence_missing": Plant(
        "evidence_missing", counts("B1", 100, 100, **{"Minh chứng": None}), (FIGURES, "B1", "Minh chứng")
    ),
}  # fmt: skip
UNCHANGED = "all_unchanged"
LAST = "2022-09"


@dataclass(frozen=True)
class Planted:
    """A planted workbook as judged, and the addresses that openpyxl gives to its cells."""

    checked: Checked
    cell: str


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Planted]:
    folder = tmp_path_factory.mktemp("planted")
    clean = {period: filled_workbook(folder, "SCT", period) for period in FORMS}
    contents: list[Content] = []
    cells: list[str] = []
    for number, plant in enumerate(PLANTS.values()):
        content, cell = plant_in_workbook(clean[plant.period], plant)
        contents.append(replace(content, unit=f"UNIT-{number}"))
        cells.append(cell)
    content, cell = plant_in_workbook(clean["2022-10"], Plant(UNCHANGED, {}, (FIGURES, "A1", "Tử số")))
    contents.append(replace(content, unit=UNCHANGED))
    cells.append(cell)
    judged = check_batch(plan(), contents, history(contents))
    names = [*PLANTS, UNCHANGED]
    return {name: Planted(one, cell) for name, one, cell in zip(names, judged, cells, strict=True)}


def plant_in_workbook(clean: Path, plant: Plant) -> tuple[Content, str]:
    """The clean workbook with the plant's cells overwritten, saved and read; and the address of the plant's place."""
    book = load_workbook(clean)
    for (sheet, code, header), value in plant.edits.items():
        cell_of(book, sheet, code, header).value = value
    path = clean.with_name(f"{clean.stem}-planted.xlsx")
    book.save(path)
    return read_workbook(path, plan()), cell_of(book, *plant.place).coordinate


def history(contents: list[Content]) -> History:
    """Each plant's own past, under its unit, the same in each of its periods; and one that is all as it is now."""
    figures = [
        (f"UNIT-{number}", str(Period.parse(LAST).shift(-back)), code, above, below)
        for number, plant in enumerate(PLANTS.values())
        for code, (above, below) in plant.figures.items()
        for back in range(plant.periods_past)
    ]
    tasks = [
        (f"UNIT-{number}", LAST, code, progress, status)
        for number, plant in enumerate(PLANTS.values())
        for code, (progress, status) in plant.tasks.items()
    ]
    same = [
        (UNCHANGED, LAST, str(row.code), row.values["numerator"], row.values["denominator"])
        for row in contents[-1].rows("figures")
    ]
    return History(figures + same, tasks)


@pytest.mark.parametrize("name", PLANTS)
def test_planted_fault_is_found_by_name_at_its_cell(planted: dict[str, Planted], name: str) -> None:
    plant, one = PLANTS[name], planted[name]
    found = [finding for finding in one.checked.findings if finding.rule == plant.rule]
    assert [(finding.sheet, finding.cell) for finding in found] == [(plant.place[0], one.cell)]
    assert one.cell in found[0].message


@pytest.mark.parametrize("name", PLANTS)
def test_planted_fault_brings_no_other_rule_along(planted: dict[str, Planted], name: str) -> None:
    assert {finding.rule for finding in planted[name].checked.findings} == {PLANTS[name].rule}


def test_figures_that_were_not_touched_are_one_warning_at_the_first(planted: dict[str, Planted]) -> None:
    one = planted[UNCHANGED]
    assert [(f.rule, f.sheet, f.cell) for f in one.checked.findings] == [(UNCHANGED, FIGURES, one.cell)]


def test_every_rule_has_a_plant() -> None:
    rules = {check.rule.name for checks in checks_of(plan()).values() for check in checks}
    elsewhere = {"count_limit", "final_sum_agrees"}  # test_counts.py and unit/test_final_sums.py
    elsewhere |= {
        "amount_unit",
        "cutoff_window",
        "difficulty_incomplete",
        "due_changed",
        "product_numbered",
        "start_after_due",
    }  # test_mistakes.py
    assert rules == {plant.rule for plant in PLANTS.values()} | {UNCHANGED} | elsewhere


def test_critical_findings_return_a_workbook_and_warnings_do_not(planted: dict[str, Planted]) -> None:
    severity = {check.rule.name: check.rule.severity for checks in checks_of(plan()).values() for check in checks}
    for name, plant in PLANTS.items():
        is_returned = severity[plant.rule] is Severity.CRITICAL
        assert planted[name].checked.verdict is (Verdict.REJECTED if is_returned else Verdict.ACCEPTED), name


@pytest.mark.slow
def test_clean_workbooks_give_no_finding(tmp_path: Path) -> None:
    units = plan().unit_by_code
    contents = [read_workbook(filled_workbook(tmp_path, unit, period), plan()) for period in FORMS for unit in units]
    assert [content.form for content in contents] == [form for form in FORMS.values() for _ in units]
    assert [one.findings for one in check_batch(plan(), contents, History())] == [()] * len(contents)
