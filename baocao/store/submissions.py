"""Submissions: saved whole with their figures and findings, versioned per unit, form and period."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, tuple_
from sqlalchemy import Table as SqlTable

from baocao.domain.grouping import batched
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.places import Places, places_of
from baocao.domain.received.submission import Checked, Receipt, Submission, Table, Timeliness, Verdict, judge_timeliness
from baocao.store import explanations
from baocao.store.engine.dialect import insert_rows, lock_for_one
from baocao.store.schema.reporting import CONTENT_TABLES, figure_places, finding, submission

_AT_ONCE = 5000
_KEYS_AT_ONCE = 300
"""How many ids go into one query; databases bound the number of parameters."""

Key = tuple[str, str, str]
_COLUMNS = [column for column in submission.c if column.name != "info"]


@dataclass(frozen=True, slots=True)
class Filed:
    """A checked file with where it belongs."""

    receipt: Receipt
    checked: Checked
    unit: str
    form: str
    period: Period
    submit_before: datetime


def save(connection: Connection, filed: Sequence[Filed]) -> list[Submission]:
    """Save checked files as new versions, in the caller's transaction; all their rows in bulk. Order is kept."""
    if not filed:
        return []
    lock_for_one(connection, submission)
    versions = _last_versions(connection, filed)
    next_id = (connection.scalar(select(func.max(submission.c.id))) or 0) + 1
    saved: list[Submission] = []
    for offset, one in enumerate(filed):
        key = (one.unit, one.form, str(one.period))
        versions[key] += 1
        saved.append(_submission(next_id + offset, one, versions[key]))
    connection.execute(insert(submission), [_row(new, one) for new, one in zip(saved, filed, strict=True)])
    for table, rows in _content_rows(saved, filed).items():
        insert_rows(connection, CONTENT_TABLES[table], rows)
    if places := _places_rows(saved, filed):
        connection.execute(insert(figure_places), places)
    if findings := _finding_rows(saved, filed):
        connection.execute(insert(finding), findings)
    for new, one in zip(saved, filed, strict=True):
        _keep_explanations(connection, new, one)
    return saved


def _keep_explanations(connection: Connection, new: Submission, one: Filed) -> None:
    """What the workbook itself answers to its findings."""
    told = (str(one.checked.content.info.get("prepared_by") or one.unit)[:200], one.receipt.received_at, "workbook")
    for ordinal, found in enumerate(one.checked.findings, start=1):
        text = next((own.text for own in one.checked.content.explanations if own.is_about(found)), None)
        if text is not None and found.severity is Severity.WARNING:
            explanations.add(connection, (new.id, ordinal), (new.unit, str(new.period)), found, text, told)


def _last_versions(connection: Connection, filed: Sequence[Filed]) -> dict[Key, int]:
    keys = sorted({(one.unit, one.form, str(one.period)) for one in filed})
    columns = (submission.c.unit, submission.c.form, submission.c.period)
    versions: dict[Key, int] = defaultdict(int)
    query = select(*columns, func.max(submission.c.version)).group_by(*columns)
    for some in batched(keys, _KEYS_AT_ONCE):
        for unit, form, period, version in connection.execute(query.where(tuple_(*columns).in_(some))):
            versions[unit, form, period] = version
    return versions


def _submission(identifier: int, one: Filed, version: int) -> Submission:
    return Submission(
        id=identifier,
        receipt_id=one.receipt.id,
        unit=one.unit,
        form=one.form,
        period=one.period,
        version=version,
        verdict=one.checked.verdict,
        timeliness=judge_timeliness(one.receipt.received_at, one.submit_before),
        received_at=one.receipt.received_at,
        submit_before=one.submit_before,
        critical=one.checked.count(Severity.CRITICAL),
        warnings=one.checked.count(Severity.WARNING),
        arrival=one.receipt.arrival,
    )


def _row(new: Submission, one: Filed) -> dict[str, Any]:
    values: dict[str, Any] = {column.name: getattr(new, column.name) for column in _COLUMNS}
    info = {key: None if value is None else str(value) for key, value in one.checked.content.info.items()}
    return values | {"period": str(new.period), "info": info}


def _content_rows(saved: Sequence[Submission], filed: Sequence[Filed]) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for new, one in zip(saved, filed, strict=True):
        for key, table in one.checked.content.tables.items():
            rows[key].extend(_table_rows(new.id, CONTENT_TABLES[key], table))
    return rows


def _table_rows(submission_id: int, target: SqlTable, table: Table) -> list[tuple[Any, ...]]:
    """Rows in the order of the target's columns: the submission, the code or ordinal, and the values."""
    is_coded = "code" in target.c
    wanted = [column.name for column in target.c][2:]
    rows = []
    seen: set[str] = set()
    for ordinal, row in enumerate(table.rows, start=1):
        if is_coded and (row.code is None or row.code in seen):
            continue  # a doubled row is a critical finding; the first one is kept for people to look at
        seen.add(row.code or "")
        rows.append((submission_id, row.code if is_coded else ordinal, *map(row.values.get, wanted)))
    return rows


def _finding_rows(saved: Sequence[Submission], filed: Sequence[Filed]) -> list[dict[str, Any]]:
    return [
        {"submission_id": new.id, "ordinal": ordinal, **one_finding.as_row()}
        for new, one in zip(saved, filed, strict=True)
        for ordinal, one_finding in enumerate(one.checked.findings, start=1)
    ]


def _places_rows(saved: Sequence[Submission], filed: Sequence[Filed]) -> list[dict[str, Any]]:
    found = [(new.id, places_of(one.checked.content)) for new, one in zip(saved, filed, strict=True)]
    return [
        {
            "submission_id": identifier,
            "sheet": one.sheet,
            "numerator": one.numerator,
            "denominator": one.denominator,
            "rows": dict(one.rows),
        }
        for identifier, one in found
        if one is not None
    ]


def places_by_submission(connection: Connection, submission_ids: Sequence[int]) -> dict[int, Places]:
    """Where the figures of submissions stand in their files, by id; homes of before that was kept lack older ones.

    Equal ones are one object: nearly every unit fills in the form as it was sent.
    """
    found: dict[int, Places] = {}
    known: dict[Hashable, Places] = {}
    for some in batched(submission_ids, _AT_ONCE):
        for row in connection.execute(select(figure_places).where(figure_places.c.submission_id.in_(some))):
            one = Places(row.sheet, row.numerator, row.denominator, row.rows)
            alike = one.sheet, one.numerator, one.denominator, tuple(one.rows.items())
            found[row.submission_id] = known.setdefault(alike, one)
    return found


def by_receipt(connection: Connection, receipt_ids: Sequence[int]) -> dict[int, Submission]:
    """Submissions by the receipts that they came from."""
    rows = connection.execute(select(*_COLUMNS).where(submission.c.receipt_id.in_(receipt_ids)))
    return {one.receipt_id: one for one in map(as_submission, rows.mappings())}


def of_period(connection: Connection, period: Period) -> list[Submission]:
    """Every version of every unit for a period, in the order of receipt."""
    rows = connection.execute(select(*_COLUMNS).where(submission.c.period == str(period)).order_by(submission.c.id))
    return [as_submission(row) for row in rows.mappings()]


def is_any_accepted(connection: Connection, period: Period) -> bool:
    """Whether a submission of a period was accepted, of any unit."""
    accepted = submission.c.verdict == Verdict.ACCEPTED
    query = select(submission.c.id).where(submission.c.period == str(period), accepted).limit(1)
    return connection.scalar(query) is not None


def periods_received(connection: Connection) -> set[Period]:
    """The periods of which anything was filed, whatever its verdict."""
    return {Period.parse(text) for text in connection.scalars(select(submission.c.period).distinct())}


def of_units(connection: Connection, units: Collection[str], up_to: Period) -> list[Submission]:
    """Every version of some units (a few hundred at most) up to a period, in the order of receipt."""
    mine = (submission.c.unit.in_(sorted(units)), submission.c.period <= str(up_to))
    rows = connection.execute(select(*_COLUMNS).where(*mine).order_by(submission.c.id))
    return [as_submission(row) for row in rows.mappings()]


def all_submissions(connection: Connection) -> list[Submission]:
    """Every version of every unit for every period, in the order of receipt."""
    return [as_submission(row) for row in connection.execute(select(*_COLUMNS).order_by(submission.c.id)).mappings()]


def info_of(connection: Connection, submission_id: int) -> dict[str, str | None]:
    """What the information sheet of one version says, by the sheet's keys."""
    return connection.scalar(select(submission.c.info).where(submission.c.id == submission_id)) or {}


def last_periods(connection: Connection) -> Mapping[str, Period]:
    """By unit, the last period of which anything was ever filed."""
    newest = select(submission.c.unit, func.max(submission.c.period)).group_by(submission.c.unit)
    return {unit: Period.parse(period) for unit, period in connection.execute(newest)}


def findings_of(connection: Connection, submission_ids: Sequence[int]) -> Mapping[int, list[Finding]]:
    """The findings of submissions, in their order; one that was explained says so at its end."""
    found: dict[int, list[Finding]] = defaultdict(list)
    query = select(finding).order_by(finding.c.submission_id, finding.c.ordinal)
    for some in batched(submission_ids, _AT_ONCE):
        for row in connection.execute(query.where(finding.c.submission_id.in_(some))).mappings():
            found[row["submission_id"]].append(_as_finding(row))
    for (identifier, ordinal), one in explanations.of_submissions(connection, submission_ids).items():
        told = found[identifier][ordinal - 1]
        found[identifier][ordinal - 1] = replace(told, message=f"{told.message} {one.shown}")
    return found


def _as_finding(row: RowMapping) -> Finding:
    values = {key: row[key] for key in ("rule", "message", "sheet", "cell", "code", "value", "expected")}
    also = tuple((place["sheet"], place["cell"]) for place in row["also"] or ())
    return Finding(severity=Severity(row["severity"]), also=also, **values)


def content_of(connection: Connection, submission_id: int) -> dict[str, list[dict[str, Any]]]:
    """What one version says: the rows of each sheet's table by column, in their order; empty where it has none."""
    content: dict[str, list[dict[str, Any]]] = {}
    for key, table in CONTENT_TABLES.items():
        columns = [column for column in table.c if column.name != "submission_id"]
        query = select(*columns).where(table.c.submission_id == submission_id).order_by(columns[0])
        content[key] = [dict(row) for row in connection.execute(query).mappings()]
    return content


def as_submission(row: RowMapping) -> Submission:
    """A row of the table as a value."""
    return Submission(
        **{
            **row,
            "period": Period.parse(row["period"]),
            "verdict": Verdict(row["verdict"]),
            "timeliness": Timeliness(row["timeliness"]),
        }
    )
