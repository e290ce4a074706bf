"""Mailbox intake: every message is entered once and then moved, to «Da-xu-ly» or, for a person to see, «Cach-ly»."""

import logging

from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.intake.arrival import Arrival
from baocao.intake.deciding import Fate
from baocao.intake.entering import HELD_FOLDER, Entered, enter_message
from baocao.intake.imap import Mailbox, Waiting, open_mailbox
from baocao.intake.opening import open_message
from baocao.workspace import Workspace

log = logging.getLogger(__name__)

DONE_FOLDER = "Da-xu-ly"
LARGEST_BYTES = 64 << 20  # two workbooks of the largest size that is read, as they travel by mail


def take_in_mailbox(workspace: Workspace, period: Period, clock: Clock) -> int:
    """Take in all messages that wait; returns how many files are new.

    A message is moved only after everything about it is committed, and known again by what it is, so that a kill or
    a dropped connection at any moment loses nothing and counts nothing twice.

    Raises:
        UsageError: the settings name no mailbox, or one that would get the password in clear.
        OutsideServiceError: the server or the disk fails; what was done stays done, the rest waits in the mailbox.
    """
    with open_mailbox(workspace.settings) as mailbox:
        folders = {fate: mailbox.ensure_folder(HELD_FOLDER if fate is Fate.HELD else DONE_FOLDER) for fate in Fate}
        taken = 0
        for one in mailbox.waiting():
            entered = _enter(workspace, mailbox, one, period, clock)
            if entered is not None:
                mailbox.move(one.uid, folders[entered.fate])
                taken += entered.files
        return taken


def _enter(workspace: Workspace, mailbox: Mailbox, one: Waiting, period: Period, clock: Clock) -> Entered | None:
    is_whole = one.size <= LARGEST_BYTES
    raw = mailbox.fetch(one.uid, is_whole=is_whole)
    if raw is None:
        log.info("message %s was taken away meanwhile", one.uid)
        return None
    opened = open_message(raw, workspace.settings.trusted_authserv, is_whole=is_whole)
    received_at = clock.now if clock.is_simulated or one.arrived_at is None else min(clock.now, one.arrived_at)
    entered = enter_message(workspace, opened, Arrival(received_at, period, clock.now, one.arrived_at))
    log.info("message %s from %r: %s, %d files", one.uid, opened.sender, entered.fate, entered.files)
    return entered
