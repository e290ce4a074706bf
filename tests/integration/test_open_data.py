"""Open data: views that say the same as the exports, and a description of every exported file."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.stores.facts import submit
from support.stores.houses import clock_at, lived_in
from support.workbooks.content import clean_content, counted, edited

from baocao.domain.planned.period import Period
from baocao.operations.data_package import DESCRIPTOR, describe
from baocao.operations.export import WHATS, export_rows
from baocao.reporting.preparation import prepare_report
from baocao.store import reports
from baocao.store.engine.database import reading, writing
from baocao.workspace.workspace import Workspace
from deployments.commands.export import export

OCTOBER = Period(2022, 10)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """October of two units; SCT sent twice, SNV has counts that cannot be; published."""
    submit(workspace.engine)
    october = counted(counted(clean_content(), "A3", 2.0, 3.0), "A1", 0.0, 0.0)
    submit(workspace.engine, edited(october, "tasks", "III.1.1", note="ghi chú"))
    submit(workspace.engine, counted(clean_content(unit="SNV"), "B7", 5.0, 4.0))
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False)
    assert prepared.record
    with writing(workspace.engine) as connection:
        assert reports.publish(connection, prepared.record, prepared.report.figures, prepared.report.made_at)
    return workspace


def view(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    with reading(workspace.engine) as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]  # noqa: S608 - ours


def exported(workspace: Workspace, what: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(export_rows(workspace, OCTOBER, what, "json"))
    return rows


def test_views_say_the_same_as_the_exports(filled: Workspace) -> None:
    values = {(row["unit"], row["code"]): row for row in view(filled, "v_values")}
    told = exported(filled, "values")
    assert len(values) == len(told)
    for row in told:
        mine = values[row["unit"], row["code"]]
        if mine["is_possible"] == 0:
            assert (row["unit"], row["code"], row["numerator"]) == ("SNV", "B7", None)
            continue
        same = {name: mine[name] for name in ("numerator", "denominator", "submission_version")}
        assert same == {name: row[name] for name in same}
        assert mine["ratio_pct"] == pytest.approx(row["ratio_pct"])
        assert (mine["period"], mine["period_yyyymm"]) == ("2022-10", 202210)

    consolidated = {row["code"]: row for row in view(filled, "v_consolidated")}
    for row in exported(filled, "consolidated"):
        mine = consolidated[row["code"]]
        assert (mine["report_version"], mine["is_newest"]) == (1, 1)
        assert (None if mine["reached"] is None else bool(mine["reached"])) is row["reached"]
        wanted = {name: row[name] for name in row if name not in ("period", "code", "reached")}
        assert {name: mine[name] for name in wanted} == wanted

    tasks = {(row["unit"], row["code"]): row for row in view(filled, "v_tasks")}
    assert len(tasks) == len(exported(filled, "tasks"))
    assert tasks["SCT", "III.1.1"]["note"] == "ghi chú"
    sent = [(row["unit"], row["version"], row["counts"]) for row in view(filled, "v_submissions")]
    assert sorted(sent) == [("SCT", 1, 0), ("SCT", 2, 1), ("SNV", 1, 1)]


def test_indicators_have_period_agency_and_formula_as_provincial_systems_ask(filled: Workspace) -> None:
    (row,) = [one for one in exported(filled, "indicators") if (one["unit"], one["code"]) == ("SCT", "A3")]
    figure = filled.plan.figure_by_code["A3"]
    assert (row["period_yyyymm"], row["agency_code"]) == (202210, "SCT")
    assert row["formula"] == f"({figure.numerator}) / ({figure.denominator}) × 100"
    assert (row["numerator"], row["denominator"], row["value_pct"]) == (2, 3, pytest.approx(200 / 3))


def test_a_package_describes_what_lies_beside_it(filled: Workspace, tmp_path: Path, monkeypatch: Any) -> None:
    with lived_in(filled.settings, monkeypatch):
        for what in WHATS:
            export(OCTOBER, what, "csv", tmp_path / f"{what}.csv")
        export(OCTOBER, "values", "json", tmp_path / "so-lieu.json")
        export(OCTOBER, "values", "csv", tmp_path / "excel.csv", is_for_excel=True)
        export(OCTOBER, "values", "csv", tmp_path / "values.csv")
    package = json.loads((tmp_path / DESCRIPTOR).read_text(encoding="utf-8"))
    assert sorted(one["path"] for one in package["resources"]) == sorted(
        [*(f"{what}.csv" for what in WHATS), "so-lieu.json", "excel.csv"]
    )
    for one in package["resources"]:
        data = (tmp_path / one["path"]).read_bytes()
        assert one.get("bytes", len(data)) == len(data)
        names = [field["name"] for field in one["schema"]["fields"]]
        if one["format"] == "csv":
            assert data.decode("utf-8-sig").splitlines()[0].split(one["dialect"]["delimiter"]) == names
        else:
            assert {tuple(row) for row in json.loads(data)} == {tuple(names)}


def test_somebody_elses_description_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / DESCRIPTOR
    theirs.write_text('{"name": "cua-nguoi-khac", "resources": []}', encoding="utf-8")
    assert not describe(tmp_path / "a.csv", "values", "csv", OCTOBER, is_for_excel=False)
    assert "cua-nguoi-khac" in theirs.read_text(encoding="utf-8")
