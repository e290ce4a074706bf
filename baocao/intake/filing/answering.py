"""The mails that filing a batch calls for: an answer per submission, a word on duplicates, a note on what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from baocao.domain.planned.plan import RecipientRole
from baocao.domain.received.holding import likely_unit, release_command
from baocao.domain.received.submission import Receipt, Submission, Verdict
from baocao.domain.reported.history import History
from baocao.intake.filing.batch import Early, FiledRound, Quarantined
from baocao.intake.filing.returned import with_copy
from baocao.intake.filing.sent_form import is_document, with_form
from baocao.intake.filing.untouched import Untouched
from baocao.mail.letters.addressing import Addressee, letter_to
from baocao.mail.letters.answers import (
    Answered,
    Counting,
    Letter,
    answer_accepted,
    answer_duplicate,
    answer_early,
    answer_held,
    answer_returned,
    quarantine_note,
)
from baocao.mail.letters.compose import Outgoing
from baocao.mail.letters.threads import in_thread
from baocao.store.submissions import Filed
from baocao.workspace.workspace import Workspace

NONE_UNTOUCHED = Untouched((), MappingProxyType({}))
_STILL_BLANK = "Đây là biểu mẫu còn trống, chưa điền gì. Hãy điền số liệu, lưu lại rồi gửi."
NO_COPIES: Mapping[int, bytes] = MappingProxyType({})


def answers(
    workspace: Workspace,
    outcome: FiledRound,
    history: History,
    now: datetime,
    copies: Mapping[int, bytes] = NO_COPIES,
    untouched: Untouched = NONE_UNTOUCHED,
) -> list[Outgoing]:
    """One message per file, keyed by what it is about, so that no file is answered twice.

    ``history`` gives the ratios last accepted; ``now`` (aware) decides whether a returned report can still be on time.
    ``copies`` are the marked workbooks that go back, by receipt; ``untouched`` are blank forms that came with them.
    """
    previous = history.last_ratios({one.unit: str(one.period) for one, _ in outcome.submissions})
    messages = [
        _answer(
            workspace,
            submission,
            filed,
            replace(
                _answered(workspace, submission, filed.receipt, now, _counting(outcome, submission)),
                previous=previous.get(submission.unit, {}),
                left_out=untouched.beside.get(submission.unit, ()),
            ),
            copies.get(filed.receipt.id),
        )
        for submission, filed in outcome.submissions
    ]
    messages += [_untouched(workspace, receipt) for receipt in untouched.alone]
    messages += [
        _duplicate(workspace, receipt, original, now, _counting(outcome, original))
        for receipt, original in outcome.duplicates
        if original is not None
    ]
    for one in outcome.quarantined:
        messages += _quarantined(workspace, one)
    return messages + [_early(workspace, one) for one in outcome.early]


def _counting(outcome: FiledRound, submission: Submission) -> Submission | None:
    return outcome.counting.get((submission.unit, submission.form, str(submission.period)))


def _answer(
    workspace: Workspace, submission: Submission, filed: Filed, answered: Answered, copy: bytes | None
) -> Outgoing:
    answered = replace(answered, has_marked_copy=copy is not None)
    write = answer_accepted if submission.verdict is Verdict.ACCEPTED else answer_returned
    key = f"answer/{submission.period}/{submission.unit}/v{submission.version}"
    message = _to_unit(workspace, key, answered, write(answered, filed.checked), filed.receipt)
    if is_document(filed.checked):
        return with_form(message, workspace, answered.unit.code, submission.period)
    return message if copy is None else with_copy(message, filed.receipt.name, copy, workspace.sender[0])


def _untouched(workspace: Workspace, receipt: Receipt) -> Outgoing:
    """To the unit whose only file is a form of ours that is still blank."""
    unit = workspace.plan.unit_by_code[receipt.unit or ""]
    letter = answer_held(workspace.plan, unit, receipt.name, receipt.received_at, _STILL_BLANK)
    return in_thread(_about_receipt(workspace, "blank", receipt, [unit], letter), unit, receipt.origin)


def _duplicate(
    workspace: Workspace, receipt: Receipt, original: Submission, now: datetime, counting: Submission | None
) -> Outgoing:
    answered = _answered(workspace, original, receipt, now, counting)
    key = f"duplicate/{original.period}/{original.unit}/{receipt.id}"
    return _to_unit(workspace, key, answered, answer_duplicate(answered, original.verdict), receipt)


def _answered(
    workspace: Workspace, submission: Submission, receipt: Receipt, now: datetime, counting: Submission | None
) -> Answered:
    schedule = workspace.schedule(submission.period)
    return Answered(
        plan=workspace.plan,
        unit=workspace.plan.unit_by_code[submission.unit],
        schedule=replace(schedule, submit_before=workspace.local(submission.submit_before)),
        version=submission.version,
        file_name=receipt.name,
        received_at=receipt.received_at,
        timeliness=submission.timeliness,
        now=now,
        counting=None if counting is None else Counting(counting.version, counting.received_at),
        following=workspace.calendar.get(submission.period.shift(1)),
        is_watched=workspace.settings.is_watched,
        hears_replies=workspace.settings.hears_replies,
    )


def _to_unit(workspace: Workspace, key: str, answered: Answered, letter: Letter, receipt: Receipt) -> Outgoing:
    unit, period = answered.unit, answered.schedule.period
    message = letter_to(workspace, [unit], key, letter, kind="answer", period=period, unit=unit.code)
    return in_thread(message, unit, receipt.origin)


def _quarantined(workspace: Workspace, one: Quarantined) -> list[Outgoing]:
    """A note to the coordinator, and word to the unit where the folder or the address says whose file it is."""
    plan, receipt = workspace.plan, one.receipt
    unit = plan.unit_by_code.get(receipt.unit or "")
    where = str((workspace.home / "quarantine").resolve())
    whose, command = plan.unit_by_code.get(likely_unit(receipt) or ""), release_command(receipt)
    note = quarantine_note(plan, receipt.name, receipt.received_at, one.why, unit=whose, where=where, command=command)
    coordinators = plan.recipients_of(RecipientRole.COORDINATOR)
    messages = [_about_receipt(workspace, "quarantine", receipt, coordinators, note)] if coordinators else []
    if unit is not None:
        letter = answer_held(plan, unit, receipt.name, receipt.received_at, one.why)
        held = _about_receipt(workspace, "held", receipt, [unit], letter)
        messages.append(in_thread(held, unit, receipt.origin))
    return messages


def _early(workspace: Workspace, one: Early) -> Outgoing:
    """Word to the unit that its file waits for its month."""
    unit = workspace.plan.unit_by_code[one.unit]
    schedule = workspace.schedule(one.period)
    letter = answer_early(workspace.plan, unit, schedule, one.receipt.name, one.receipt.received_at)
    receipt = replace(one.receipt, unit=one.unit, period=one.period)
    return in_thread(_about_receipt(workspace, "early", receipt, [unit], letter), unit, receipt.origin)


def _about_receipt(
    workspace: Workspace, kind: str, receipt: Receipt, recipients: Sequence[Addressee], letter: Letter
) -> Outgoing:
    key = f"{kind}/{receipt.period}/{receipt.id}"
    return letter_to(workspace, recipients, key, letter, period=receipt.period, unit=receipt.unit)
