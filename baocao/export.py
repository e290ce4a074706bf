"""Tidy data for other programs: values, consolidated figures, tasks, findings; as CSV, JSON or Parquet."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

from baocao.consolidation.figures import consolidate, judge_values
from baocao.domain.period import Period
from baocao.store.database import reading
from baocao.store.facts import frame_of
from baocao.store.submissions import findings_of, of_period
from baocao.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

WHATS = ("values", "consolidated", "tasks", "findings")
FORMATS = ("csv", "json", "parquet")

VALUES = ["period", "unit", "code", "kind", "numerator", "denominator", "ratio_pct", "target_pct", "reached"]
CONSOLIDATED = [
    "code",
    "numerator",
    "denominator",
    "ratio_pct",
    "cumulative_numerator",
    "cumulative_denominator",
    "cumulative_ratio_pct",
    "target_pct",
    "reached",
    "units_reported",
    "units_reached",
    "units_not_applicable",
]
FINDINGS = ["period", "unit", "submission_version", "verdict"]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_rows(workspace: Workspace, period: Period, what: str, file_format: str) -> bytes:
    """One period's rows in one format; figures are unrounded, counts are whole where they are whole.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    import pandas as pd

    rows = _ROWS[what](workspace, period)
    if file_format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1).encode()
    frame = pd.DataFrame(rows, columns=list(rows[0]) if rows else _EMPTY[what])
    if file_format == "csv":
        return b"\xef\xbb\xbf" + frame.map(_as_text_cell).to_csv(index=False).encode()
    target = BytesIO()
    frame.to_parquet(target, index=False)
    return target.getvalue()


def _values(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    frame = _frame(workspace, "figures", period)
    judged = judge_values(workspace.plan, frame[frame["period"] == str(period)])
    order = {figure.code: place for place, figure in enumerate(workspace.plan.figures)}
    judged = judged.assign(order=judged["code"].map(order)).sort_values(["unit", "order"])
    return _plain_rows(judged[[*VALUES, "submission_version"]])


def _consolidated(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    results = consolidate(workspace.plan, _frame(workspace, "figures", period), period)
    return [
        {"period": str(period)} | {name: _plain(getattr(result, name)) for name in CONSOLIDATED} for result in results
    ]


def _tasks(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    frame = _frame(workspace, "tasks", period)
    return _plain_rows(frame[frame["period"] == str(period)])


def _findings(workspace: Workspace, period: Period) -> list[dict[str, Any]]:
    with reading(workspace.engine) as connection:
        submissions = of_period(connection, period)
        found = findings_of(connection, [one.id for one in submissions])
    return [
        dict(zip(FINDINGS, (str(period), one.unit, one.version, one.verdict.value), strict=True)) | finding.as_row()
        for one in submissions
        for finding in found.get(one.id, [])
    ]


def _frame(workspace: Workspace, table: str, period: Period) -> pd.DataFrame:
    with reading(workspace.engine) as connection:
        return frame_of(connection, table, workspace.plan.cycle(period).form, period)


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _as_text_cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


_ROWS = {"values": _values, "consolidated": _consolidated, "tasks": _tasks, "findings": _findings}
_EMPTY = {
    "values": [*VALUES, "submission_version"],
    "consolidated": ["period", *CONSOLIDATED],
    "tasks": ["period", "unit", "code"],
    "findings": FINDINGS,
}
