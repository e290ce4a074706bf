"""The mailbox: the server tells of new messages (IMAP IDLE); where it cannot, the folder is listed again and again."""

from threading import Event

from baocao.intake.mailbox.imap import OpenMailbox, open_mailbox
from baocao.intake.watching.watch import Arrived, Away, Patience, Seen
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.workspace import Workspace

IDLE_SECONDS = 30.0
"""How long the server is listened to before the folder is listed again: far below the 29 minutes after which servers
hang up, and soon enough to see a lost connection, and a message that came between listing and listening."""
POLL_SECONDS = 20.0
PATIENCE_SECONDS = 120.0
REFUSED_SECONDS = 900.0
"""Between tries where a person must change something: a wrong password must not lock the account."""
_LONGEST_WAIT = 30.0


def watch_mailbox(workspace: Workspace, arrived: Arrived, away: Away, leaving: Event) -> None:
    """Tell of messages in the mailbox's folder, until told to leave; a server that is away is waited for."""
    patience, tries = Patience(away, PATIENCE_SECONDS), 0
    while not leaving.is_set():
        try:
            with open_mailbox(workspace.settings) as mailbox:
                seen = Seen(arrived)  # a message's number means the same for the length of a connection
                while not leaving.is_set():
                    seen.look(mailbox.numbers())
                    patience.back()
                    tries = 0
                    _wait(workspace, mailbox, leaving)
        except (OutsideServiceError, UsageError) as error:
            is_final = isinstance(error, UsageError) or error.is_final
            patience.away(error, at_once=is_final)
            leaving.wait(REFUSED_SECONDS if is_final else min(2.0**tries, _LONGEST_WAIT))
            tries += 1


def _wait(workspace: Workspace, mailbox: OpenMailbox, leaving: Event) -> None:
    if workspace.settings.watch == "auto" and mailbox.can_tell:
        mailbox.listen(IDLE_SECONDS)
    else:
        leaving.wait(POLL_SECONDS)
