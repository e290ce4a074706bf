"""Các lần nộp: every version that the units sent, what one of them says, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from baocao.decisions.overrides import unit_of
from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Submission, Verdict
from baocao.store.decisions import versions_of
from baocao.store.engine.database import reading
from baocao.store.submissions import all_submissions, content_of, findings_of, info_of, of_period
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One version. ``is_effective``: its figures are the ones that count for its unit and period."""

    submission: Submission
    is_effective: bool

    def as_row(self) -> dict[str, Any]:
        """The version as ``submission list --json`` prints it."""
        one = self.submission
        return {
            "period": str(one.period),
            "unit": one.unit,
            "form": one.form,
            "version": one.version,
            "verdict": one.verdict.value,
            "timeliness": one.timeliness.value,
            "received_at": one.received_at.isoformat(),
            "submit_before": one.submit_before.isoformat(),
            "critical": one.critical,
            "warnings": one.warnings,
            "is_effective": self.is_effective,
            "decided_by": one.decided_by,
            "decided_at": one.decided_at.isoformat() if one.decided_at else None,
            "decision_reason": one.decision_reason,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One version with all that it says: the information sheet, each sheet's rows, and what the rules found."""

    listed: Listed
    info: dict[str, str | None]
    content: Rows
    findings: Sequence[Finding]

    def as_row(self) -> dict[str, Any]:
        """The version as ``submission show --json`` prints it; dates in ISO 8601."""
        content = {key: [_plain_row(row) for row in rows] for key, rows in self.content.items() if rows}
        findings = [finding.as_row() for finding in self.findings]
        return self.listed.as_row() | {"info": self.info, "content": content, "findings": findings}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs between two versions. ``row`` is the row's code or number; an absent value is None."""

    sheet: str
    row: str
    column: str
    before: Any
    after: Any

    def as_row(self) -> dict[str, Any]:
        """The change as ``submission diff --json`` prints it."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "before": _plain(self.before),
            "after": _plain(self.after),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version of a unit's report to another, sheet by sheet in the form's order."""

    first: Submission
    second: Submission
    changes: tuple[Change, ...]

    def as_row(self) -> dict[str, Any]:
        """The difference as ``submission diff --json`` prints it."""
        return {
            "unit": self.first.unit,
            "period": str(self.first.period),
            "from": self.first.version,
            "to": self.second.version,
            "changes": [change.as_row() for change in self.changes],
        }


def list_versions(workspace: Workspace, period: Period | None = None) -> list[Listed]:
    """Every version of a period, or of all, by period, unit in the plan's order, and version."""
    with reading(workspace.engine) as connection:
        found = of_period(connection, period) if period else all_submissions(connection)
    order = {unit.code: place for place, unit in enumerate(workspace.plan.units)}
    return _listed(sorted(found, key=lambda one: (one.period, order.get(one.unit, len(order)), one.unit, one.version)))


def show_version(workspace: Workspace, unit: str, period: Period, version: int | None = None) -> Shown:
    """One version of a unit's report; without a number the one that counts, or else the last.

    Raises:
        UsageError: the plan has no such unit or period, or the unit sent no such version.
    """
    with reading(workspace.engine) as connection:
        listed = _listed(_sent(workspace, versions_of(connection, unit, period), unit, period))
        effective = next((one.submission.version for one in listed if one.is_effective), listed[-1].submission.version)
        chosen = _pick(listed, effective if version is None else version)
        identifier = chosen.submission.id
        return Shown(
            listed=chosen,
            info=info_of(connection, identifier),
            content=content_of(connection, identifier),
            findings=findings_of(connection, [identifier]).get(identifier, []),
        )


def compare(
    workspace: Workspace, unit: str, period: Period, first: int | None = None, second: int | None = None
) -> Difference:
    """What changed between two versions of a unit's report; without numbers, from the last but one to the last.

    Raises:
        UsageError: the plan has no such unit or period, or the unit sent no such version.
        NotDueError: there is only one version so far.
    """
    with reading(workspace.engine) as connection:
        listed = _listed(_sent(workspace, versions_of(connection, unit, period), unit, period))
        if len(listed) == 1 and None in (first, second):
            raise NotDueError(f"{unit} mới nộp một lần cho kỳ {period.short}; chưa có gì để so sánh.")
        last = _pick(listed, second if second is not None else listed[-1].submission.version).submission
        base = _pick(listed, first if first is not None else last.version - 1).submission
        before, after = content_of(connection, base.id), content_of(connection, last.id)
    return Difference(base, last, tuple(_changes(workspace.plan.forms[last.form], before, after)))


def _sent(workspace: Workspace, versions: list[Submission], unit: str, period: Period) -> list[Submission]:
    workspace.schedule(period)
    unit_of(workspace, unit)
    if not versions:
        raise UsageError(f"{unit} chưa nộp lần nào cho kỳ {period.short}; xem: baocao submission list.")
    return versions


def _pick(listed: Sequence[Listed], version: int) -> Listed:
    by_number = {one.submission.version: one for one in listed}
    if version not in by_number:
        raise UsageError(f"Không có lần nộp {version}; các lần đã nộp: {', '.join(map(str, by_number))}.")
    return by_number[version]


def _listed(versions: Sequence[Submission]) -> list[Listed]:
    in_order = sorted(versions, key=lambda one: one.order)
    newest = {(one.unit, one.period): one.id for one in in_order if one.verdict is Verdict.ACCEPTED}
    return [Listed(one, newest.get((one.unit, one.period)) == one.id) for one in versions]


def _changes(form: Form, before: Rows, after: Rows) -> list[Change]:
    found = []
    for sheet in form.sheets:
        old, new = (_by_row(content.get(sheet.key, [])) for content in (before, after))
        columns = [column for column in sheet.columns if column.key in _stored(before, after, sheet.key)]
        found += [
            Change(sheet.name, row, column.header, was, now)
            for row in {**old, **new}
            for column in columns
            if (was := old.get(row, {}).get(column.key)) != (now := new.get(row, {}).get(column.key))
        ]
    return found


def _stored(before: Rows, after: Rows, key: str) -> set[str]:
    rows = [*before.get(key, []), *after.get(key, [])]
    return set(rows[0]) - {"code", "ordinal"} if rows else set()


def _by_row(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row.get("code") or row.get("ordinal")): row for row in rows}


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
