"""Tidy data: the very columns that were promised, unrounded figures, and text that is no formula anywhere."""

import csv
import io
import json
from typing import Any

import pandas as pd
import pytest
from support.stores.facts import submit
from support.workbooks.content import clean_content, counted, edited

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.operations.export import FORMATS, WHATS, export_rows
from baocao.workspace.workspace import Workspace

SEPTEMBER, OCTOBER = Period(2022, 9), Period(2022, 10)
ATTACK = '=HYPERLINK("http://mau.example";"xem")'
WARNING = Finding("row_unknown", Severity.WARNING, "@Mã lạ, xem lại.", "Chỉ tiêu", "A40", None, "-X9", None)

VALUES = "period, unit, code, kind, numerator, denominator, ratio_pct, target_pct, reached, submission_version"
CONSOLIDATED = (
    "period, code, numerator, denominator, ratio_pct, cumulative_numerator, cumulative_denominator, "
    "cumulative_ratio_pct, target_pct, reached, units_reported, units_reached, units_not_applicable"
)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """Two months of SCT and one of SNV, with a difficult text in each kind of place."""
    submit(workspace.engine, counted(clean_content(period=SEPTEMBER), "A3", 1.0, 3.0))
    october = counted(counted(clean_content(), "A3", 2.0, 3.0), "A1", 0.0, 0.0)
    october = edited(october, "tasks", "III.1.1", note=ATTACK, product="+84 30", lead="-", status="Đang triển khai")
    submit(workspace.engine, october, [WARNING])
    snv = clean_content(unit="SNV")
    for code in ("A4.1", "A4.2", "B8.2"):
        snv = counted(snv, code, 0.0, 0.0)
    submit(workspace.engine, counted(snv, "B8.1", 99.0, 100.0))
    return workspace


def as_json(workspace: Workspace, what: str, period: Period = OCTOBER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(export_rows(workspace, period, what, "json"))
    return found


def as_csv(workspace: Workspace, what: str, period: Period = OCTOBER) -> list[dict[str, str]]:
    text = export_rows(workspace, period, what, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_parquet(workspace: Workspace, what: str, period: Period = OCTOBER) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(export_rows(workspace, period, what, "parquet")))


def one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return found


def test_values_have_the_promised_fields_in_the_plan_s_order(filled: Workspace) -> None:
    rows = as_json(filled, "values")
    assert {", ".join(row) for row in rows} == {VALUES}
    assert [(row["unit"], row["code"]) for row in rows] == [
        (unit, figure.code) for unit in ("SCT", "SNV") for figure in filled.plan.figures
    ]
    assert one(rows, unit="SCT", code="A3") == {
        "period": "2022-10",
        "unit": "SCT",
        "code": "A3",
        "kind": "flow",
        "numerator": 2,
        "denominator": 3,
        "ratio_pct": 200 / 3,
        "target_pct": 60,
        "reached": True,
        "submission_version": 1,
    }


def test_what_did_not_occur_and_what_has_no_count_are_null(filled: Workspace) -> None:
    rows = as_json(filled, "values")
    a1, a4, b8 = (one(rows, unit=unit, code=code) for unit, code in (("SCT", "A1"), ("SNV", "A4"), ("SNV", "B8")))
    assert (a1["numerator"], a1["denominator"], a1["ratio_pct"], a1["reached"]) == (0, 0, None, None)
    assert (a4["numerator"], a4["denominator"], a4["ratio_pct"], a4["reached"]) == (None, None, None, None)
    assert (b8["denominator"], b8["reached"]) == (None, False)


def test_consolidated_has_the_promised_fields(filled: Workspace) -> None:
    rows = as_json(filled, "consolidated")
    assert {", ".join(row) for row in rows} == {CONSOLIDATED}
    assert [row["code"] for row in rows] == [figure.code for figure in filled.plan.figures]
    assert one(rows, code="A3") == {
        "period": "2022-10",
        "code": "A3",
        "numerator": 102,
        "denominator": 103,
        "ratio_pct": 102 / 103 * 100,
        "cumulative_numerator": 103,
        "cumulative_denominator": 106,
        "cumulative_ratio_pct": 103 / 106 * 100,
        "target_pct": 60,
        "reached": True,
        "units_reported": 2,
        "units_reached": 2,
        "units_not_applicable": 0,
    }
    assert one(rows, code="A1")["units_not_applicable"] == 1


def test_tasks_and_findings(filled: Workspace) -> None:
    tasks = as_json(filled, "tasks")
    assert len(tasks) == 30
    task = one(tasks, unit="SCT", code="III.1.1")
    assert (task["note"], task["product"], task["lead"], task["progress_pct"]) == (ATTACK, "+84 30", "-", 50)
    assert as_json(filled, "findings") == [
        {"period": "2022-10", "unit": "SCT", "submission_version": 1, "verdict": "accepted"}
        | WARNING.as_row()
        | {"also": ""}
    ]


def test_text_that_looks_like_a_formula_is_harmless_in_csv(filled: Workspace) -> None:
    task = one(as_csv(filled, "tasks"), unit="SCT", code="III.1.1")
    assert (task["note"], task["product"], task["lead"]) == (f"'{ATTACK}", "'+84 30", "'-")
    assert task["status"] == "Đang triển khai"
    (finding,) = as_csv(filled, "findings")
    assert (finding["message"], finding["value"]) == ("'@Mã lạ, xem lại.", "'-X9")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_prefixed(workspace: Workspace, start: str) -> None:
    submit(workspace.engine, edited(clean_content(), "tasks", "III.1.1", note=f"{start}cmd|' /C calc'!A1"))
    assert one(as_csv(workspace, "tasks"), code="III.1.1")["note"] == f"'{start}cmd|' /C calc'!A1"
    assert one(as_json(workspace, "tasks"), code="III.1.1")["note"] == f"{start}cmd|' /C calc'!A1"


def test_csv_opens_in_excel_with_its_letters_and_whole_counts(filled: Workspace) -> None:
    assert export_rows(filled, OCTOBER, "values", "csv").startswith(b"\xef\xbb\xbfperiod,unit,")
    row = one(as_csv(filled, "values"), unit="SCT", code="A3")
    assert (row["numerator"], row["denominator"], row["reached"]) == ("2", "3", "True")
    assert float(row["ratio_pct"]) == 200 / 3
    empty = one(as_csv(filled, "values"), unit="SNV", code="A4")
    assert (empty["numerator"], empty["ratio_pct"], empty["reached"]) == ("", "", "")


def test_csv_for_excel_in_vietnamese_is_parted_by_semicolons_with_decimal_commas(filled: Workspace) -> None:
    data = export_rows(filled, OCTOBER, "values", "csv", is_for_excel=True)
    assert data.startswith(b"\xef\xbb\xbfperiod;unit;")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    row = one(rows, unit="SCT", code="A3")
    assert (row["numerator"], row["ratio_pct"]) == ("2", repr(200 / 3).replace(".", ","))


@pytest.mark.parametrize("what", WHATS)
def test_parquet_says_the_same_as_json(filled: Workspace, what: str) -> None:
    frame = as_parquet(filled, what)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert rows == as_json(filled, what)


@pytest.mark.parametrize("what", WHATS)
def test_parquet_columns_have_one_type_whatever_is_empty(filled: Workspace, what: str) -> None:
    full, none = as_parquet(filled, what), as_parquet(filled, what, Period(2022, 11))
    assert full.dtypes.to_dict() == none.dtypes.to_dict()
    assert (len(none) == 0) is (what != "consolidated")


@pytest.mark.slow
@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_period_without_submissions_is_exported_too(workspace: Workspace, what: str, file_format: str) -> None:
    data = export_rows(workspace, Period(2022, 8), what, file_format)
    if file_format == "json":
        assert len(json.loads(data)) == (35 if what == "consolidated" else 0)
    else:
        assert data
