"""Opening a received message: everything that matters about it as plain values, whatever it is made of."""

import logging
from dataclasses import dataclass

from baocao.domain.submission import Origin
from baocao.intake.attachments import NOTHING, Found, find_workbooks
from baocao.intake.bounces import Notice, read_notice
from baocao.intake.message import Author, Incoming
from baocao.intake.sender import is_authentic
from baocao.store.archive import digest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message opened. ``raw`` is its very bytes, or only its header where it was too large to fetch."""

    raw: bytes
    sender: str = ""
    subject: str = ""
    message_id: str | None = None
    thread: tuple[str, ...] = ()
    author: Author = Author.PERSON
    is_report: bool = False
    is_authentic: bool = False
    found: Found = NOTHING
    notice: Notice | None = None
    is_broken: bool = True
    is_whole: bool = True

    @property
    def ref(self) -> str:
        """What makes it this message: its id, who sent it and its files; without them, its bytes.

        Not where it lies or which way it came, so that neither a mailbox that numbers its messages anew nor a second
        copy makes it another; and a forged copy never stands in the way of the authentic one.
        """
        if self.message_id is None or not self.found.workbooks:
            return digest(self.raw)
        files = sorted(digest(one.data) for one in self.found.workbooks)
        return digest("\n".join((self.message_id, self.sender, str(self.is_authentic), *files)).encode())

    @property
    def origin(self) -> Origin:
        """What an answer must know of it."""
        return Origin(self.sender, self.subject, self.message_id, self.thread, self.is_authentic)


def open_message(raw: bytes, authserv: str, *, is_whole: bool = True) -> Opened:
    """Open a message; one that cannot be understood at all is broken, and never an error."""
    try:
        return _opened(Incoming(raw), authserv, is_whole)
    except Exception as error:  # noqa: BLE001 - one hostile message must never stop the mailbox
        log.warning("a message cannot be opened: %s", type(error).__name__)
        return Opened(raw)


def _opened(message: Incoming, authserv: str, is_whole: bool) -> Opened:
    return Opened(
        raw=message.raw,
        sender=message.sender,
        subject=message.subject,
        message_id=message.message_id,
        thread=message.references,
        author=message.author,
        is_report=message.root.get_content_type() == "multipart/report",
        is_authentic=is_authentic(message, authserv),
        found=find_workbooks(message) if is_whole else NOTHING,
        notice=read_notice(message),
        is_broken=is_whole and message.is_broken,
        is_whole=is_whole,
    )
