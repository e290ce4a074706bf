"""Đổi ngày: a deadline that was told and has moved since (a holiday announced late) is told anew, once per change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from baocao.domain.planned.calendar import Schedule, previous_working_day
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.compose import Outgoing
from baocao.plan.ics import calendar_file
from baocao.plan.workdays import working_days
from baocao.reminders.invitations import Invitation, moved_letter
from baocao.store.engine.names import Connection
from baocao.store.outbox.announcements import Announcement, last_announced
from baocao.workspace.workspace import Workspace


def last_working_day(workspace: Workspace, schedule: Schedule) -> date:
    """The last working day before a period's deadline."""
    return previous_working_day(schedule.submit_before.date(), working_days(workspace.plan.calendar))


def to_announce(connection: Connection, workspace: Workspace, schedule: Schedule) -> Announcement | None:
    """What the units must be told, the first time or anew; None where they know it."""
    told = last_announced(connection, schedule.period)
    last_day = last_working_day(workspace, schedule)
    new = Announcement(told.number + 1 if told else 1, schedule.submit_before, last_day)
    return None if told and replace(new, number=told.number) == told else new


def moved_letters(
    workspace: Workspace, occasion: Invitation, new: Announcement, old: Announcement
) -> Iterator[Outgoing]:
    """To every unit: the date that holds now, and the one that it was told before."""
    for unit in workspace.plan.at(occasion.schedule.period).units:
        letter = moved_letter(occasion, unit, old.submit_before.astimezone(workspace.zone), old.last_day)
        yield letter_to(
            workspace,
            [unit],
            f"moved/{occasion.schedule.period}/{new.number}/{unit.code}",
            letter,
            kind="form",
            period=occasion.schedule.period,
            unit=unit.code,
            attachments=(calendar_attachment(workspace, occasion),),
        )


def calendar_attachment(workspace: Workspace, occasion: Invitation) -> tuple[str, bytes, str]:
    """The period's dates for a calendar program."""
    schedule = occasion.schedule
    content = calendar_file(workspace.plan, [schedule], occasion.now, with_reports=False)
    return f"lich-{schedule.period}.ics", content, "text/calendar"
