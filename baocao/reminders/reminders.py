"""Mails that ask for reports: blank forms at the opening, reminders before the deadline, an escalation at the close.

Every message has a key made of period, occasion and unit, so that none is sent twice, whoever runs this how often.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from baocao.domain.grouping import batched
from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Finding
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.signature import Signature
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.plan.workdays import holiday_name
from baocao.reminders.blank_forms import known_of, lay_form
from baocao.reminders.invitations import Invitation, escalation_letter, form_letter, missed_letter, reminder_letter
from baocao.reminders.lacking import escalation_key, form_key, lacking, lacking_units, reminder_key
from baocao.reminders.moved import calendar_attachment, last_working_day, moved_letters, to_announce
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.announcements import last_announced, note_announced
from baocao.store.outbox.messages import known_keys
from baocao.system.clock import Clock
from baocao.workspace.admission import ensure_due
from baocao.workspace.workspace import Workspace

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AT_ONCE = 200


def send_forms(workspace: Workspace, period: Period, clock: Clock) -> int:
    """Lay each unit's pre-filled form into its folder and mail it; returns how many mails are new.

    Raises:
        NotDueError: the period has not opened yet.
    """
    ensure_due(Job.SEND_TEMPLATES, workspace.schedule(period), clock)
    occasion = _occasion(workspace, period, clock)
    units = workspace.plan.at(period).units
    keys = {unit.code: form_key(period, unit.code) for unit in units}
    with reading(workspace.engine) as connection:
        known = known_keys(connection, list(keys.values()))
    due = [unit for unit in units if keys[unit.code] not in known]
    for some in batched(due, _AT_ONCE):
        _queue(workspace, [_form_message(workspace, occasion, unit) for unit in some], clock)
    return len(due) + _announce(workspace, occasion, clock)


def _announce(workspace: Workspace, occasion: Invitation, clock: Clock) -> int:
    """Keep which dates the units have been told; where they were told others before, tell them the new ones."""
    schedule = occasion.schedule
    with writing(workspace.engine) as connection:
        new, old = to_announce(connection, workspace, schedule), last_announced(connection, schedule.period)
        if new is None:
            return 0
        letters = list(moved_letters(workspace, occasion, new, old)) if old else []
        note_announced(connection, schedule.period, new, clock.now)
        return len(enqueue(connection, letters, workspace.outbox_folder, clock.now))


def _form_message(workspace: Workspace, occasion: Invitation, unit: Unit) -> Outgoing:
    period = occasion.schedule.period
    known = known_of(workspace, unit.code, period)
    path = lay_form(workspace, unit.code, period, known)
    letter = form_letter(occasion, unit, path.name, known)
    files = ((path.name, path.read_bytes(), _XLSX), calendar_attachment(workspace, occasion))
    return letter_to(
        workspace, [unit], form_key(period, unit.code), letter, period=period, unit=unit.code, attachments=files
    )


def remind(workspace: Workspace, period: Period, clock: Clock, signed: Signature | None = None) -> int:
    """Remind each unit that has no accepted submission, once per reminder of the calendar; returns how many are new.

    The last reminder also goes to the unit's head. A reminder that was missed is not caught up once the next is due.
    ``signed``: by whom it was asked for, where by a person; written into the audit book with the mails.

    Raises:
        NotDueError: no reminder is due yet, or the period has closed.
    """
    schedule = workspace.schedule(period)
    number = _number(schedule, clock)
    occasion, is_last = _occasion(workspace, period, clock), number == len(schedule.reminders)
    units = workspace.plan.unit_by_code
    outgoing = [
        _reminder(workspace, occasion, number, units[standing.unit], standing, findings, is_last=is_last)
        for standing, findings in lacking(workspace, period)
    ]
    with writing(workspace.engine) as connection:
        new = len(enqueue(connection, outgoing, workspace.outbox_folder, clock.now))
        if signed is not None and new:
            audit.record(connection, signed, "remind", f"remind/{period}/{number}", {"letters": new}, period=period)
    return new


def to_remind(workspace: Workspace, period: Period, clock: Clock) -> list[Unit]:
    """Whom :func:`remind` would write to now.

    Raises:
        NotDueError: no reminder is due yet, or the period has closed.
    """
    number = _number(workspace.schedule(period), clock)
    keys = {reminder_key(period, number, code): code for code in lacking_units(workspace, period)}
    with reading(workspace.engine) as connection:
        known = known_keys(connection, list(keys))
    return [workspace.plan.unit_by_code[code] for key, code in keys.items() if key not in known]


def _number(schedule: Schedule, clock: Clock) -> int:
    """Which reminder of the calendar is due."""
    ensure_due(Job.REMIND, schedule, clock)
    return sum(moment <= clock.now for moment in schedule.reminders)


def _reminder(
    workspace: Workspace,
    occasion: Invitation,
    number: int,
    unit: Unit,
    standing: UnitStanding,
    findings: Sequence[Finding],
    *,
    is_last: bool,
) -> Outgoing:
    period = occasion.schedule.period
    path = lay_form(workspace, unit.code, period)
    letter = reminder_letter(occasion, unit, standing, findings, path.name, is_last=is_last)
    head = [(f"Lãnh đạo {unit.name}", unit.head_email)] if is_last and unit.head_email else []
    key, files = reminder_key(period, number, unit.code), ((path.name, path.read_bytes(), _XLSX),)
    return letter_to(workspace, [unit, *head], key, letter, period=period, unit=unit.code, attachments=files)


def escalate(workspace: Workspace, period: Period, clock: Clock) -> int:
    """At the close, tell the coordinator which units have no accepted report, and these themselves; nothing else.

    Raises:
        NotDueError: the period has not closed yet.
    """
    ensure_due(Job.ESCALATE, workspace.schedule(period), clock)
    missed = lacking(workspace, period)
    silent = [standing for standing, _ in missed]
    coordinators = workspace.plan.recipients_of(RecipientRole.COORDINATOR)
    if not silent or not coordinators:
        return 0
    occasion = _occasion(workspace, period, clock)
    letter = escalation_letter(occasion, silent, len(workspace.plan.at(period).units))
    message = letter_to(workspace, coordinators, escalation_key(period), letter, period=period)
    can_still = clock.now < occasion.schedule.report_at
    return _queue(workspace, [message, *(_missed(workspace, occasion, missed) if can_still else ())], clock)


def _missed(
    workspace: Workspace, occasion: Invitation, missed: Sequence[tuple[UnitStanding, Sequence[Finding]]]
) -> Iterator[Outgoing]:
    period, units = occasion.schedule.period, workspace.plan.unit_by_code
    for standing, findings in missed:
        unit = units[standing.unit]
        letter = missed_letter(occasion, unit, standing, findings)
        yield letter_to(workspace, [unit], f"missed/{period}/{unit.code}", letter, period=period, unit=unit.code)


def _occasion(workspace: Workspace, period: Period, clock: Clock) -> Invitation:
    schedule, rules = workspace.schedule(period), workspace.plan.calendar
    deadline = schedule.submit_before.date()
    last_day = last_working_day(workspace, schedule)
    off = [deadline - timedelta(days=back) for back in range((deadline - last_day).days)]
    names = [name for day in reversed(off) if (name := holiday_name(rules, day))]
    return Invitation(
        workspace.plan,
        schedule,
        last_day,
        clock.now,
        names[0] if names else "",
        following=workspace.calendar.get(period.shift(1)),
        is_watched=workspace.settings.is_watched,
    )


def _queue(workspace: Workspace, outgoing: Sequence[Outgoing], clock: Clock) -> int:
    with writing(workspace.engine) as connection:
        return len(enqueue(connection, outgoing, workspace.outbox_folder, clock.now))
