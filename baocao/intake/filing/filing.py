"""Filing a batch: what belongs where, what is new, what is quarantined; then everything saved in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import QUARANTINE_RULES, Checked, Content, Receipt, ReceiptState
from baocao.intake.filing.batch import Early, FiledRound, Quarantined, Read, Sorted
from baocao.intake.filing.identity import why_nobodys
from baocao.store import decisions, receipts, submissions
from baocao.store.archive import archive_path, quarantine
from baocao.store.contents import Key, Standings, Version, standings_of
from baocao.store.engine.names import Connection
from baocao.store.submissions import Filed
from baocao.workbook.reading.info import check_identity
from baocao.workspace.workspace import Workspace


def rounds(batch: Sequence[Read]) -> Iterator[list[Read]]:
    """A batch cut so that what is found in each file never depends on how the inbox was split.

    A unit's files are taken in the order of arrival; a round has of each unit those up to the next one that is for
    another month or another form, since what is found in it depends on how those before it were judged. Mostly there
    is one round.
    """
    of_units: dict[str | None, list[list[Read]]] = defaultdict(list)
    for one in sorted(batch, key=lambda one: one.receipt.arrival):
        runs = of_units[one.receipt.unit]
        if not runs or _is_other(runs[-1], one):
            runs.append([])
        runs[-1].append(one)
    for runs_of_all in zip_longest(*of_units.values(), fillvalue=()):
        yield [one for run in runs_of_all for one in run]


def _is_other(run: Sequence[Read], one: Read) -> bool:
    if one.receipt.unit is None or one.content.form is None:
        return False
    about = next((other.content for other in run if other.content.form is not None), one.content)
    return (one.content.form, one.content.period) != (about.form, about.period)


def key_of(workspace: Workspace, one: Read) -> Key:
    """Which report a file is a version of: what it says of itself, else what the intake knows."""
    period = one.content.period or one.receipt.period
    unit = one.content.unit or one.receipt.unit or ""
    return unit, workspace.plan.form_of(period).key, str(period)


def sort_batch(workspace: Workspace, batch: Sequence[Read], known: Standings, periods: Collection[Period]) -> Sorted:
    """Sort the read files of a round; ``known`` is how their reports stand.

    ``periods`` are those being collected. A file for an earlier one is quarantined, because a clerk who copied last
    month's workbook and forgot its period must not change last month's figures; one for a later one waits for it.
    """
    same = _known_before(workspace, batch, known)
    fresh = [one for one in batch if one.receipt.id not in same]
    early = {one.receipt.id: one for one in fresh if _is_early(one, periods)}
    named = [one if one.receipt.id in early else replace(one, content=_with_identity(one, periods)) for one in fresh]
    strays = {one.receipt.id: why for one in named if (why := _why_quarantine(workspace, one))}
    aside = strays.keys() | early.keys()
    return Sorted(
        to_check=tuple(one for one in named if one.receipt.id not in aside),
        duplicates=tuple(one for one in batch if one.receipt.id in same),
        quarantined=tuple(_held(one, strays[one.receipt.id]) for one in named if one.receipt.id in strays),
        early=tuple(_early(one) for one in early.values() if one.receipt.id not in strays),
    )


def _known_before(workspace: Workspace, batch: Sequence[Read], known: Standings) -> set[int]:
    """The files of which it is known now that they bring nothing new: no other one of their report stands before."""
    same, touched = set(), set()
    for one in batch:
        key = key_of(workspace, one)
        if key not in touched and known.twin(key, one.receipt.sha256):
            same.add(one.receipt.id)
        else:
            touched.add(key)
    return same


def _is_early(one: Read, periods: Collection[Period]) -> bool:
    is_later = one.content.period is not None and one.content.period > max(periods)
    return is_later and one.receipt.unit is not None and one.receipt.released_by is None


def _early(one: Read) -> Early:
    return Early(one.receipt, one.receipt.unit or "", one.content.period or one.receipt.period)


def _held(one: Read, why: str) -> Quarantined:
    said = one.content
    receipt = replace(one.receipt, said_unit=said.unit, said_period=said.period, said_form=said.form)
    return Quarantined(receipt, why)


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


def file_batch(connection: Connection, workspace: Workspace, batch: Sorted, checked: Sequence[Checked]) -> FiledRound:
    """Save a sorted and checked round in the caller's transaction.

    What is a duplicate is decided here, file after file in the order of arrival, with nobody else filing meanwhile.
    Idempotent: files that were settled meanwhile by another worker are left out of the outcome, and so are those that
    were taken for duplicates of what another worker made out of date: they are free to be taken again.
    """
    mine = receipts.still_mine(connection, [one.id for one in batch.receipts])
    open_ones = [one for one in (*batch.to_check, *batch.duplicates) if one.receipt.id in mine]
    standings = standings_of(connection, {key_of(workspace, one) for one in open_ones}, lock=True)
    twins = [
        (one.receipt, twin.receipt_id)
        for one in batch.duplicates
        if one.receipt.id in mine and (twin := standings.twin(key_of(workspace, one), one.receipt.sha256))
    ]
    filed, more = _one_by_one(connection, workspace, batch, checked, mine, standings)
    twins += more
    receipts.name_units(connection, [one for one in batch.receipts if one.id in mine])
    saved = submissions.save(connection, filed)
    receipts.settle(connection, [one.receipt.id for one in filed], ReceiptState.CHECKED)
    receipts.settle(connection, [one.id for one, _ in twins], ReceiptState.DUPLICATE)
    known = submissions.by_receipt(connection, [*(original for _, original in twins), *_counting(standings).values()])
    return FiledRound(
        submissions=tuple(zip(saved, filed, strict=True)),
        duplicates=tuple((one, known.get(original)) for one, original in twins),
        quarantined=_lay_aside(connection, workspace, [one for one in batch.quarantined if one.receipt.id in mine]),
        early=_keep_waiting(connection, [one for one in batch.early if one.receipt.id in mine]),
        counting={key: known[receipt] for key, receipt in _counting(standings).items()},
    )


def _counting(standings: Standings) -> dict[Key, int]:
    return {key: one.receipt_id for key, one in standings.counting.items()}


def _one_by_one(
    connection: Connection,
    workspace: Workspace,
    batch: Sorted,
    checked: Sequence[Checked],
    mine: Collection[int],
    standings: Standings,
) -> tuple[list[Filed], list[tuple[Receipt, int]]]:
    """What is new, and what has the content of the version before it that counts; ``standings`` go along."""
    extended = decisions.extended_deadlines(connection)
    filed, twins = [], []
    for one, result in zip(batch.to_check, checked, strict=True):
        key, receipt = key_of(workspace, one), one.receipt
        if receipt.id not in mine:
            continue
        if twin := standings.twin(key, receipt.sha256):
            twins.append((receipt, twin.receipt_id))
            continue
        standings.add(key, Version(receipt.arrival, receipt.sha256, receipt.id, result.verdict))
        filed.append(_filed(workspace, receipt, result, key, extended))
    return filed, twins


def _filed(
    workspace: Workspace, receipt: Receipt, checked: Checked, key: Key, extended: Mapping[tuple[str, str], datetime]
) -> Filed:
    unit, form, of = key
    period = Period.parse(of)
    return Filed(
        receipt, checked, unit, form, period, extended.get((unit, of), workspace.schedule(period).submit_before)
    )


def _lay_aside(connection: Connection, workspace: Workspace, some: Sequence[Quarantined]) -> tuple[Quarantined, ...]:
    for one in some:
        receipt = one.receipt
        data = archive_path(workspace.home, receipt.sha256, receipt.name).read_bytes()
        quarantine(workspace.home, data, receipt.name, receipt.received_at, one.why)
        receipts.hold(connection, receipt, one.why)
    return tuple(some)


def _keep_waiting(connection: Connection, some: Sequence[Early]) -> tuple[Early, ...]:
    for one in some:
        receipts.wait_for(connection, one.receipt.id, one.unit, one.period)
    return tuple(some)
