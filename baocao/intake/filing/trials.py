"""Files that came by mail to be tried only: checked as every other one, answered, and never filed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from baocao.domain.received.submission import Checked, ReceiptState
from baocao.domain.received.trial import is_trial
from baocao.intake.filing.batch import Read
from baocao.intake.filing.returned import with_copy
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import answer_trial
from baocao.mail.letters.compose import Outgoing
from baocao.mail.letters.threads import in_thread
from baocao.store import receipts
from baocao.store.engine.names import Connection
from baocao.workbook.reading.info import check_identity
from baocao.workspace.workspace import Workspace


def set_trials_apart(batch: Sequence[Read]) -> tuple[list[Read], list[Read]]:
    """The files of an identified batch that are to be filed, and those that a unit only wants to try.

    What nobody vouches for is held as ever; what a person let out of the quarantine is filed as that person said.
    """
    trials = [_identified(one) for one in batch if _is_trial(one)]
    ids = {one.receipt.id for one in trials}
    return [one for one in batch if one.receipt.id not in ids], trials


def _is_trial(one: Read) -> bool:
    receipt = one.receipt
    is_known = receipt.unit is not None and receipt.released_by is None
    return is_known and receipt.origin is not None and is_trial(receipt.origin.subject)


def _identified(one: Read) -> Read:
    known = {finding.rule for finding in one.content.findings}
    more = [each for each in check_identity(one.content, one.receipt.unit, None) if each.rule not in known]
    return replace(one, content=replace(one.content, findings=(*one.content.findings, *more)))


def settle_trials(
    connection: Connection,
    workspace: Workspace,
    trials: Sequence[Read],
    checked: Sequence[Checked],
    copies: Mapping[int, bytes],
    now: datetime,
) -> list[Outgoing]:
    """Close the trials in the caller's transaction; the answers to them. Those that another worker closed are left out.

    ``copies`` are the marked workbooks by receipt; ``now`` is aware.
    """
    mine = receipts.still_mine(connection, [one.receipt.id for one in trials])
    open_ones = [(one, result) for one, result in zip(trials, checked, strict=True) if one.receipt.id in mine]
    receipts.name_units(connection, [one.receipt for one, _ in open_ones])
    receipts.settle(connection, [one.receipt.id for one, _ in open_ones], ReceiptState.TRIED)
    return [_answer(workspace, one, result, copies.get(one.receipt.id), now) for one, result in open_ones]


def _answer(workspace: Workspace, one: Read, checked: Checked, copy: bytes | None, now: datetime) -> Outgoing:
    receipt, plan = one.receipt, workspace.plan
    unit = plan.unit_by_code[receipt.unit or ""]
    period = one.content.period if one.content.period in workspace.calendar else receipt.period
    schedule = workspace.schedule(period or receipt.period)
    letter = answer_trial(
        plan,
        unit,
        schedule,
        receipt.name,
        checked,
        now,
        has_marked_copy=copy is not None,
        is_watched=workspace.settings.is_watched,
    )
    key = f"trial/{receipt.period}/{receipt.id}"
    message = letter_to(workspace, [unit], key, letter, period=receipt.period, unit=unit.code)
    message = in_thread(message, unit, receipt.origin)
    return message if copy is None else with_copy(message, receipt.name, copy, workspace.sender[0])
