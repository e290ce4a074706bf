"""Filing a batch: what belongs where, what is new, what is quarantined; then everything saved in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from baocao.domain.period import Period
from baocao.domain.submission import QUARANTINE_RULES, Checked, Content, Receipt, ReceiptState, Submission
from baocao.identity import why_nobodys
from baocao.store import decisions, receipts, submissions
from baocao.store.archive import archive_path, quarantine
from baocao.store.submissions import Filed
from baocao.workbook.info import check_identity
from baocao.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Read:
    """A received file with what was read from it."""

    receipt: Receipt
    content: Content


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that cannot be counted for anybody before a person has looked at it."""

    receipt: Receipt
    why: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """A batch sorted: what is to be checked, what the unit sent before, what belongs to nobody or elsewhere.

    ``earlier`` gives for each duplicate the id of the receipt with the same content.
    """

    to_check: tuple[Read, ...]
    duplicates: tuple[Receipt, ...]
    quarantined: tuple[Quarantined, ...]
    earlier: Mapping[int, int]


def sort_batch(
    workspace: Workspace, batch: Sequence[Read], earlier: Mapping[int, int], periods: Collection[Period]
) -> Sorted:
    """Sort read files; ``earlier`` has those whose very content was received before, and in which receipt.

    ``periods`` are those being collected: a file for another one is quarantined, because a clerk who copied last
    month's workbook and forgot its period must not change last month's figures.
    """
    fresh = [one for one in batch if one.receipt.id not in earlier]
    named = [replace(one, content=_with_identity(one, periods)) for one in fresh]
    strays = {one.receipt.id: why for one in named if (why := _why_quarantine(workspace, one))}
    return Sorted(
        to_check=tuple(one for one in named if one.receipt.id not in strays),
        duplicates=tuple(one.receipt for one in batch if one.receipt.id in earlier),
        quarantined=tuple(
            Quarantined(one.receipt, strays[one.receipt.id]) for one in named if one.receipt.id in strays
        ),
        earlier=earlier,
    )


def _with_identity(one: Read, periods: Collection[Period]) -> Content:
    content = one.content
    period = one.receipt.period if content.period not in periods else None
    known = {finding.rule for finding in content.findings}
    more = [f for f in check_identity(content, one.receipt.unit, period) if f.rule not in known]
    return replace(content, findings=(*content.findings, *more))


def _why_quarantine(workspace: Workspace, one: Read) -> str:
    if one.receipt.origin is not None and one.receipt.unit is None:
        return why_nobodys(workspace, one.receipt.origin, one.content)
    if one.receipt.unit is None:
        folders = ", ".join(unit.code for unit in workspace.plan.units[:20])
        return f"Tệp không nằm trong thư mục của đơn vị nào (các thư mục hợp lệ: {folders})."
    return " ".join(finding.message for finding in one.content.findings if finding.rule in QUARANTINE_RULES)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What filing a batch did: new submissions with what they were made from, and the rest as it was sorted."""

    submissions: tuple[tuple[Submission, Filed], ...] = ()
    duplicates: tuple[tuple[Receipt, Submission | None], ...] = ()
    quarantined: tuple[Quarantined, ...] = ()


def file_batch(connection: Connection, workspace: Workspace, batch: Sorted, checked: Sequence[Checked]) -> Outcome:
    """Save a sorted and checked batch in the caller's transaction.

    Idempotent: files that were settled meanwhile by another worker are left out of the outcome.
    """
    everything = [*(one.receipt for one in batch.to_check), *(one.receipt for one in batch.quarantined)]
    everything += batch.duplicates
    mine = receipts.still_mine(connection, [one.id for one in everything])
    extended = decisions.extended_deadlines(connection)
    filed = [
        _filed(workspace, one.receipt, result, extended)
        for one, result in zip(batch.to_check, checked, strict=True)
        if one.receipt.id in mine
    ]
    receipts.name_units(connection, [one for one in everything if one.id in mine])
    saved = submissions.save(connection, filed)
    receipts.settle(connection, [one.receipt.id for one in filed], ReceiptState.CHECKED)
    duplicates = [one for one in batch.duplicates if one.id in mine]
    receipts.settle(connection, [one.id for one in duplicates], ReceiptState.DUPLICATE)
    quarantined = [one for one in batch.quarantined if one.receipt.id in mine]
    for one in quarantined:
        _lay_aside(workspace, one)
        receipts.settle(connection, [one.receipt.id], ReceiptState.QUARANTINED, one.why)
    earlier = batch.earlier
    originals = submissions.by_receipt(connection, [earlier[one.id] for one in duplicates])
    return Outcome(
        submissions=tuple(zip(saved, filed, strict=True)),
        duplicates=tuple((one, originals.get(earlier[one.id])) for one in duplicates),
        quarantined=tuple(quarantined),
    )


def _lay_aside(workspace: Workspace, one: Quarantined) -> None:
    receipt = one.receipt
    data = archive_path(workspace.home, receipt.sha256, receipt.name).read_bytes()
    quarantine(workspace.home, data, receipt.name, receipt.received_at, one.why)


def _filed(
    workspace: Workspace, receipt: Receipt, checked: Checked, extended: Mapping[tuple[str, str], datetime]
) -> Filed:
    content = checked.content
    period = content.period or receipt.period
    form = workspace.plan.form_of(period).key
    unit = content.unit or receipt.unit or ""
    submit_before = extended.get((unit, str(period)), workspace.schedule(period).submit_before)
    return Filed(receipt, checked, unit, form, period, submit_before)
