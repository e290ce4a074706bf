"""Mailbox intake: every message is entered once and then moved, to «Da-xu-ly» or, for a person to see, «Cach-ly»."""

import logging
from collections.abc import Iterator, Sequence

from baocao.domain.planned.period import Period
from baocao.intake.arrival import Arrival
from baocao.intake.mailbox.deciding import Fate
from baocao.intake.mailbox.entering import HELD_FOLDER, Entered, enter_message
from baocao.intake.mailbox.imap import OpenMailbox, WaitingMail, open_mailbox
from baocao.isolation.process import ReaderPool
from baocao.message.opening import Letter, Opened
from baocao.store import archive
from baocao.store.engine.database import writing
from baocao.store.homes import note_beginning
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

log = logging.getLogger(__name__)

DONE_FOLDER = "Da-xu-ly"
LARGEST_BYTES = 64 << 20  # two workbooks of the largest size that is read, as they travel by mail
_MOST_AT_ONCE = 6
_BYTES_AT_ONCE = 32 << 20


def take_in_mailbox(workspace: Workspace, period: Period, clock: Clock) -> int:
    """Take in all messages that wait; returns how many files are new.

    A message is moved only after everything about it is committed, and known again by what it is, so that a kill or
    a dropped connection at any moment loses nothing and counts nothing twice.

    They are opened in reader processes: one that breaks its reader is held for a person, and costs no other.

    Raises:
        UsageError: the settings name no mailbox, or one that would get the password in clear.
        OutsideServiceError: the server or the disk fails; what was done stays done, the rest waits in the mailbox.
    """
    with writing(workspace.engine) as connection:  # mail in a home that never began looks like a lost database
        note_beginning(connection, clock.now)
    with open_mailbox(workspace.settings) as mailbox, ReaderPool(workspace.plan) as pool:
        folders = {fate: mailbox.ensure_folder(HELD_FOLDER if fate is Fate.HELD else DONE_FOLDER) for fate in Fate}
        taken = 0
        for some in _few_at_once(mailbox.waiting()):
            fetched = [(one, letter) for one in some if (letter := _fetch(workspace, mailbox, one)) is not None]
            for (one, _), opened in zip(fetched, pool.open_all([letter for _, letter in fetched]), strict=True):
                entered = _enter(workspace, opened, one, period, clock)
                mailbox.move(one.uid, folders[entered.fate])
                taken += entered.files
        return taken


def _few_at_once(waiting: Sequence[WaitingMail]) -> Iterator[list[WaitingMail]]:
    """Messages in order, so few at a time that what is in them is never too much for the memory."""
    some: list[WaitingMail] = []
    for one in waiting:
        if some and (len(some) == _MOST_AT_ONCE or sum(each.size for each in (*some, one)) > _BYTES_AT_ONCE):
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _fetch(workspace: Workspace, mailbox: OpenMailbox, one: WaitingMail) -> Letter | None:
    """Bring a message into the archive, before anything looks into it."""
    is_whole = one.size <= LARGEST_BYTES
    raw = mailbox.fetch(one.uid, is_whole=is_whole)
    if raw is None:
        log.info("message %s was taken away meanwhile", one.uid)
        return None
    path = archive.keep(workspace.home, raw, archive.digest(raw), "thu.eml")
    return Letter(path, workspace.settings.trusted_authserv, is_whole, documents=workspace.documents_taken)


def _enter(workspace: Workspace, opened: Opened, one: WaitingMail, period: Period, clock: Clock) -> Entered:
    received_at = clock.now if clock.is_simulated or one.arrived_at is None else min(clock.now, one.arrived_at)
    entered = enter_message(workspace, opened, Arrival(received_at, period, clock.now, one.arrived_at))
    log.info("message %s from %r: %s, %d files", one.uid, opened.sender, entered.fate, entered.files)
    return entered
