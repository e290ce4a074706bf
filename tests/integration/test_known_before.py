"""What a blank form already says: the last accepted figures and tasks; in the final form the months' sums, too."""

from pathlib import Path

import pytest
from support.stores.facts import submit
from support.stores.houses import house
from support.workbooks.content import clean_content, counted

from baocao.domain.planned.form import Rows
from baocao.domain.planned.indicator import Measure
from baocao.domain.planned.period import Period
from baocao.reminders.blank_forms import known_of
from baocao.reminders.known_figures import past_figures
from baocao.store.accepted.history import history_of
from baocao.store.engine.database import reading
from baocao.workspace.workspace import Workspace
from expectations import check_batch

FEBRUARY, MARCH = Period(2023, 2), Period(2023, 3)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", "")


def test_the_final_form_knows_the_last_months_stock_ratios_and_no_flow(workspace: Workspace) -> None:
    february = counted(clean_content(period=FEBRUARY), "B1", 3, 4, note="x")
    submit(workspace.engine, counted(clean_content(period=FEBRUARY.previous), "B1", 1, 4, note="x"))
    submit(workspace.engine, counted(february, "B9", 0, 0))

    final = known_of(workspace, "SCT", MARCH).previous_pct
    assert (final["B1"], final["B9"]) == (75.0, None)
    assert "A3" not in final
    assert known_of(workspace, "SNV", MARCH).previous_pct == {}
    assert known_of(workspace, "SCT", FEBRUARY).previous_pct["B1"] == 25.0
    assert known_of(workspace, "SCT", FEBRUARY).previous_pct["A3"] == 100.0


def test_counts_tasks_and_the_sums_of_the_months_are_known(workspace: Workspace) -> None:
    months = [Period(2022, 9).shift(count) for count in range(6)]
    for month in months[:4] + months[5:]:
        submit(workspace.engine, counted(clean_content(period=month), "A3", 7, 10, note="x"))

    month = known_of(workspace, "SCT", FEBRUARY)
    assert month.reported["A3"] == (7, 10, months[3].short)
    final = known_of(workspace, "SCT", MARCH)
    assert final.reported["A3"] == (35, 50, "cộng 5 tháng, chưa có 01/2023")
    assert final.reported["B1"].since == "02/2023"
    assert {one.period for one in final.carried.values()} == {FEBRUARY}
    assert final.carried.keys() == set(workspace.plan.row_codes(Rows.TASKS))
    said = {row.code: row.values for row in clean_content(period=FEBRUARY).rows("tasks")}
    for code, (_, values) in final.carried.items():
        assert {"status", "progress_pct"} <= values.keys()
        assert {key: said[code][key] for key in values} == values
        assert ("product" in values) == (values["status"] == "Hoàn thành")
    assert known_of(workspace, "SNV", MARCH).carried == known_of(workspace, "SNV", MARCH).reported == {}


def test_a_count_beyond_what_was_assigned_is_told_in_the_next_form(workspace: Workspace) -> None:
    submit(workspace.engine, counted(clean_content(period=FEBRUARY), "A3", 120, 100))
    plan = workspace.plan
    counts = [one.model_copy(update={"measure": Measure.COUNT}) if one.code == "A3" else one for one in plan.indicators]
    with reading(workspace.engine) as connection:
        shares, numbers = (
            past_figures(connection, of, "SCT", MARCH).set_index("code")["numerator"]
            for of in (plan, plan.model_copy(update={"indicators": tuple(counts)}))
        )
    assert (shares["A3"], numbers["A3"]) == (pytest.approx(float("nan"), nan_ok=True), 120)


@pytest.mark.slow
def test_what_cannot_be_is_no_past(workspace: Workspace) -> None:
    """Let in by a person's decision, 120 of 100 is in no sum; a final form's sum is not held against it either."""
    submit(workspace.engine, counted(clean_content(period=FEBRUARY), "A3", 120, 100))
    final = clean_content(form="tong-ket", period=MARCH)
    with reading(workspace.engine) as connection:
        past = history_of(connection, workspace.plan, [final])
    (a3,) = (row for row in past.figures if row[2] == "A3")
    assert tuple(a3) == ("SCT", "2023-02", "A3", None, None)
    assert past.last_ratios({"SCT": "2023-03"})["SCT"]["A3"] is None
    (checked,) = check_batch(workspace.plan, [final], past)
    assert ("final_sum_agrees", "A3") not in {(one.rule, one.code) for one in checked.findings}
