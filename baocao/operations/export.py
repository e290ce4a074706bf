"""Tidy data for other programs: values, consolidated figures, tasks, findings, indicators; as CSV, JSON or Parquet.

``indicators`` are the values with what provincial reporting systems ask: the month as YYYYMM, the agency's own code,
the formula in words.
"""

from __future__ import annotations

import codecs
import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pandas as pd

from baocao.consolidation.figures import consolidate, judge_values
from baocao.domain.planned.period import Period
from baocao.store.accepted.facts import frame_of
from baocao.store.engine.database import reading
from baocao.store.submissions import findings_of, of_period
from baocao.workspace.workspace import Workspace

WHATS = ("values", "consolidated", "tasks", "findings", "indicators")
FORMATS = ("csv", "json", "parquet")

_COUNTS = ["numerator", "denominator", "ratio_pct"]
_CUMULATIVE = ["cumulative_numerator", "cumulative_denominator", "cumulative_ratio_pct"]
_UNITS = ["units_reported", "units_reached", "units_not_applicable"]
_TASK = ["lead", "coordinating", "due_date", "status", "progress_pct", "done_date", "product", "note"]
_NAMES = ["name", "kind", "formula", "numerator_name", "denominator_name"]
_FINDING = ["rule", "severity", "sheet", "cell", "code", "value", "expected", "message", "also"]
COLUMNS = {
    "values": ["period", "unit", "code", "kind", *_COUNTS, "target_pct", "reached", "submission_version"],
    "consolidated": ["period", "code", *_COUNTS, *_CUMULATIVE, "target_pct", "reached", *_UNITS],
    "tasks": ["period", "unit", "code", *_TASK, "submission_version"],
    "findings": ["period", "unit", "submission_version", "verdict", *_FINDING],
    "indicators": [
        *("period_yyyymm", "agency_code", "unit", "code", *_NAMES, "numerator", "denominator"),
        *("value_pct", "target_pct", "reached", "submission_version"),
    ],
}
_TYPES = {
    **dict.fromkeys([*_COUNTS, *_CUMULATIVE, "value_pct", "target_pct", "progress_pct"], "float64"),
    **dict.fromkeys([*_UNITS, "submission_version", "period_yyyymm"], "int64"),
    "reached": "boolean",
}
_PLAIN, _VIETNAMESE = (",", "."), (";", ",")
"""What parts the columns and the decimals of a CSV file."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_rows(
    workspace: Workspace, period: Period, what: str, file_format: str, *, is_for_excel: bool = False
) -> bytes:
    """One period's rows in one format; figures are unrounded, counts are whole where they are whole.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front; ``is_for_excel`` writes it as
    Excel in Vietnamese reads it: parted by semicolons, with decimal commas. In Parquet a column has the
    same type in every period, whatever is empty.
    """
    rows = _ROWS[what](workspace, period)
    if file_format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1).encode()
    if file_format == "parquet":
        return _parquet(COLUMNS[what], rows)
    return _csv(COLUMNS[what], rows, *_VIETNAMESE if is_for_excel else _PLAIN)


def _csv(columns: list[str], rows: list[dict[str, Any]], separator: str, decimal: str) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows({name: _as_csv_cell(value, decimal) for name, value in row.items()} for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _parquet(columns: list[str], rows: list[dict[str, Any]]) -> bytes:
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    target = BytesIO()
    frame.astype({name: _TYPES.get(name, "str") for name in columns}).to_parquet(target, index=False)
    return target.getvalue()


def _values(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    frame = _frame(workspace, "figures", period)
    judged = judge_values(workspace.plan.targeted(period), frame[frame["period"] == str(period)])
    order = {figure.code: place for place, figure in enumerate(workspace.plan.figures)}
    judged = judged.assign(order=judged["code"].map(order)).sort_values(["unit", "order"])
    return _plain_rows(judged[COLUMNS["values"]])


def _consolidated(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    results = consolidate(workspace.plan.at(period), _frame(workspace, "figures", period), period)
    names = COLUMNS["consolidated"][1:]
    return [{"period": str(period)} | {name: _plain(getattr(result, name)) for name in names} for result in results]


def _tasks(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    frame = _frame(workspace, "tasks", period)
    return _plain_rows(frame.loc[frame["period"] == str(period), COLUMNS["tasks"]])


def _findings(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    with reading(workspace.engine) as connection:
        submissions = of_period(connection, period)
        found = findings_of(connection, [one.id for one in submissions])
    return [
        {"period": str(period), "unit": one.unit, "submission_version": one.version, "verdict": one.verdict.value}
        | finding.as_row()
        | {"also": "; ".join(f"{sheet}!{cell}" for sheet, cell in finding.also)}
        for one in submissions
        for finding in found.get(one.id, [])
    ]


def _indicators(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    plan = workspace.plan
    rows = []
    for row in _values(workspace, period):
        figure, unit = plan.figure_by_code[row["code"]], plan.unit_by_code.get(row["unit"])
        told = {
            "period_yyyymm": period.year * 100 + period.month,
            "agency_code": (unit.agency_code if unit else "") or row["unit"],
            "name": figure.name,
            "formula": f"({figure.numerator}) / ({figure.denominator}) × 100" if figure.is_typed else None,
            "numerator_name": figure.numerator or None,
            "denominator_name": figure.denominator or None,
            "value_pct": row["ratio_pct"],
        }
        rows.append({name: told.get(name, row.get(name)) for name in COLUMNS["indicators"]})
    return rows


def _frame(workspace: Workspace, table: str, period: Period) -> pd.DataFrame:
    plan = workspace.plan
    with reading(workspace.engine) as connection:
        return frame_of(connection, table, plan.cycle(period).form, period, unbounded=plan.unbounded)


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _as_csv_cell(value: Any, decimal: str) -> Any:
    if isinstance(value, float):
        return repr(value).replace(".", decimal)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


_ROWS = {
    "values": _values,
    "consolidated": _consolidated,
    "tasks": _tasks,
    "findings": _findings,
    "indicators": _indicators,
}
