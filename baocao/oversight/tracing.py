"""«Con số này từ đâu?»: from a figure in the report to units, versions, cells, files and decisions.

The counts are those that the report adds up (:func:`baocao.consolidation.figures.consolidate`); the cells are those
that were read when the file was checked. Of files of before cells were kept, the archived file is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from baocao.consolidation.carrying import SINCE, carried_values
from baocao.consolidation.figures import consolidate
from baocao.decisions.overrides import unit_of
from baocao.domain.grouping import batched
from baocao.domain.planned.indicator import Figure
from baocao.domain.planned.period import Period
from baocao.domain.received.places import DENOMINATOR, FIGURES, NUMERATOR, Places, places_of
from baocao.domain.received.submission import Receipt, Submission
from baocao.domain.reported.tracing import Part, PublishedLine, Trace
from baocao.isolation.process import read_one
from baocao.store import audit, receipts, reports
from baocao.store.accepted.counted import effective
from baocao.store.accepted.facts import frame_of
from baocao.store.accepted.impossible import SET_ASIDE
from baocao.store.archive import archive_path
from baocao.store.audit import AuditEntry
from baocao.store.engine.database import reading
from baocao.store.engine.names import Connection
from baocao.store.reports import ReportState
from baocao.store.submissions import findings_of, places_by_submission
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

_AT_ONCE = 500


def trace(workspace: Workspace, period: Period, code: str, unit: str | None = None) -> Trace:
    """Where a figure of a period comes from; of one unit where one is named.

    Raises:
        UsageError: the plan has no such period, figure or unit, or the period's form has no figures.
    """
    figure = _figure(workspace, period, code)
    if unit is not None:
        unit_of(workspace, unit)
    form = workspace.plan.cycle(period).form
    with reading(workspace.engine) as connection:
        frame = frame_of(connection, FIGURES, form, period, unbounded=workspace.plan.unbounded)
        counted = {(one.unit, str(one.period)): one for one in effective(connection, form, period)}
        rows = _rows(workspace, frame, period, code, unit)
        parts = tuple(_parts(connection, workspace, code, [(row, counted[_whose(row)]) for row in rows]))
        published = () if unit else _published(connection, workspace, period, code)
    if unit is None:
        (total,) = (one for one in consolidate(workspace.plan, frame, period) if one.code == code)
        counts = total.numerator, total.denominator
    else:
        counts = (parts[0].numerator, parts[0].denominator) if parts else (None, None)
    components = (
        ()
        if figure.is_typed
        else tuple(one.code for one in workspace.plan.figures if one.indicator == code and one.code != code)
    )
    return Trace(period, code, figure.name, *counts, parts, published, components)


def _figure(workspace: Workspace, period: Period, code: str) -> Figure:
    plan = workspace.plan
    workspace.schedule(period)
    if not any(sheet.key == FIGURES for sheet in plan.form_of(period).sheets):
        raise UsageError(f"Kỳ {period.short} không có số liệu chỉ tiêu; hãy chọn một kỳ báo cáo tháng.")
    if code not in plan.figure_by_code:
        raise UsageError(f"Kế hoạch không có chỉ tiêu “{code}”; hãy chọn một trong {', '.join(plan.figure_by_code)}.")
    return plan.figure_by_code[code]


def _rows(
    workspace: Workspace, frame: pd.DataFrame, period: Period, code: str, unit: str | None
) -> list[dict[str, Any]]:
    """The rows of this figure that count in the period, those that silent units carry into it last."""
    mine = frame[frame["code"] == code]
    present = frame[frame["period"] == str(period)]
    carried = carried_values(workspace.plan, frame, period) if len(present) else frame.iloc[:0]
    rows = pd.concat([mine[mine["period"] == str(period)], carried[carried["code"] == code]])
    if unit is not None:
        rows = rows[rows["unit"] == unit]
    said = rows[rows[[NUMERATOR, DENOMINATOR]].notna().any(axis=1) | rows[SET_ASIDE]]
    return [{str(name): value for name, value in row.items()} for row in said.to_dict("records")]


def _whose(row: Mapping[str, Any]) -> tuple[str, str]:
    since = row.get(SINCE)
    return row["unit"], since if isinstance(since, str) else row["period"]


def _parts(
    connection: Connection, workspace: Workspace, code: str, rows: Sequence[tuple[Mapping[str, Any], Submission]]
) -> Iterator[Part]:
    entries = audit.entries(connection)
    for some in batched(rows, _AT_ONCE):
        ids = [one.id for _, one in some]
        files = receipts.of_submissions(connection, [one.receipt_id for _, one in some])
        places, findings = places_by_submission(connection, ids), findings_of(connection, ids)
        for row, one in some:
            file = files[one.receipt_id]
            place = places.get(one.id) or _read_again(workspace, file)
            told = tuple(found.message for found in findings.get(one.id, ()) if found.code == code)
            yield _part(workspace, code, (row, one, file), place, _decisions(row, one, entries), told)


def _part(
    workspace: Workspace,
    code: str,
    source: tuple[Mapping[str, Any], Submission, Receipt],
    place: Places | None,
    decisions: tuple[Mapping[str, Any], ...],
    findings: tuple[str, ...],
) -> Part:
    row, one, file = source
    return Part(
        unit=one.unit,
        period=one.period,
        version=one.version,
        sheet=place.sheet if place else None,
        numerator_cell=place.cell(code, NUMERATOR) if place else None,
        denominator_cell=place.cell(code, DENOMINATOR) if place else None,
        numerator=_count(row[NUMERATOR]),
        denominator=_count(row[DENOMINATOR]),
        sha256=file.sha256,
        file=file.name,
        received_at=workspace.local(file.received_at),
        decisions=decisions,
        findings=findings,
    )


def _read_again(workspace: Workspace, file: Receipt) -> Places | None:
    path = archive_path(workspace.home, file.sha256, file.name)
    return places_of(read_one(path, workspace.plan)) if path.is_file() else None


def _decisions(row: Mapping[str, Any], one: Submission, entries: Sequence[AuditEntry]) -> tuple[Mapping[str, Any], ...]:
    """What people decided on this version, its deadline and its file; and that its value counts on, by the plan."""
    subjects = {f"{one.unit}/{one.period}/v{one.version}", f"{one.unit}/{one.period}", f"receipt/{one.receipt_id}"}
    told: list[Mapping[str, Any]] = [
        {"at": entry.at.isoformat(), "who": entry.who, "action": entry.action, "reason": entry.reason}
        for entry in entries
        if entry.subject in subjects
    ]
    if row.get(SINCE) == str(one.period):
        reason = f"Đơn vị chưa có báo cáo kỳ này: lấy số liệu gần nhất, kỳ {one.period.short}."
        told.append({"at": None, "who": None, "action": "carried", "reason": reason})
    if row[SET_ASIDE]:
        told.append({"at": None, "who": None, "action": "set_aside", "reason": row["note"]})
    return tuple(told)


def _count(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _published(connection: Connection, workspace: Workspace, period: Period, code: str) -> tuple[PublishedLine, ...]:
    return tuple(
        PublishedLine(one.version, workspace.local(one.sent_at), figure.numerator, figure.denominator)
        for one in reports.every(connection)
        if one.period == period and one.state is ReportState.PUBLISHED and one.sent_at is not None
        for figure in one.figures
        if figure.code == code
    )
