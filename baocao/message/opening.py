"""Opening a received message: everything that matters about it as plain values, whatever it is made of."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from baocao.domain.received.submission import Origin
from baocao.message.attachments import NOTHING, Found, find_in_file, find_workbooks
from baocao.message.bounces import Notice, read_notice
from baocao.message.incoming import HEADER_BYTES, Author, Incoming
from baocao.message.reply_text import first_line, written_lines
from baocao.message.sender import is_authentic
from baocao.store.archive import digest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message opened. ``sha256`` is the digest of its bytes, or of its header where it was too large to fetch.

    ``is_broken``: it cannot be taken apart. ``is_hostile``: whoever tries takes harm; what is known of it is its
    header's word, as far as even that could be read. ``first_line``: of a reply, what its writer says first; ``lines``:
    all that its writer says.
    """

    sha256: str
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
    is_hostile: bool = False
    first_line: str = ""
    lines: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """What makes it this message: its id, who sent it and its files; without them, its bytes.

        Not where it lies or which way it came, so that neither a mailbox that numbers its messages anew nor a second
        copy makes it another; and a forged copy never stands in the way of the authentic one.
        """
        if self.message_id is None or not self.found.workbooks:
            return self.sha256
        files = sorted(digest(one.data) for one in self.found.workbooks)
        return digest("\n".join((self.message_id, self.sender, str(self.is_authentic), *files)).encode())

    @property
    def origin(self) -> Origin:
        """What an answer must know of it."""
        return Origin(self.sender, self.subject, self.message_id, self.thread, self.is_authentic)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in the archive that a reader process is to open.

    ``is_suspect``: it broke its reader before, and only the beginning of its header is to be looked at.
    ``packed_as``: it is no message but a file of this name (``a.zip``) that came by another way.
    ``documents``: the extensions of the documents that are wanted, too.
    """

    path: Path
    authserv: str
    is_whole: bool = True
    is_suspect: bool = False
    packed_as: str = ""
    documents: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What the logs call it."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """The digest of its bytes, by which the archive names it."""
        return self.path.stem

    def open(self) -> Opened:
        """Open it, in this process.

        Raises:
            OSError: it cannot be read.
        """
        if self.packed_as:
            return unknown(self.sha256) if self.is_suspect else self._open_packed()
        if not self.is_suspect:
            raw = self.path.read_bytes()
            return open_message(raw, self.authserv, is_whole=self.is_whole, documents=self.documents)
        with self.path.open("rb") as file:
            return _open_header(file.read(HEADER_BYTES // 2), self.authserv, self.sha256)

    def _open_packed(self) -> Opened:
        data = self.path.read_bytes()
        try:
            return Opened(digest(data), found=find_in_file(self.packed_as, data, self.documents), is_broken=False)
        except Exception as error:  # noqa: BLE001 - one hostile file must never stop the folder
            log.warning("a packed file cannot be opened: %s", type(error).__name__)
            return unknown(digest(data))


def open_message(raw: bytes, authserv: str, *, is_whole: bool = True, documents: Collection[str] = ()) -> Opened:
    """Open a message; one that cannot be taken apart is hostile, and never an error.

    For messages from outside only within a reader process (``workbook.process``), where it can be stopped.
    """
    sha256 = digest(raw)
    try:
        return _opened(Incoming(raw), authserv, sha256, is_whole=is_whole, documents=documents)
    except Exception as error:  # noqa: BLE001 - one hostile message must never stop the mailbox
        log.warning("a message cannot be opened: %s", type(error).__name__)
        return _open_header(raw[: HEADER_BYTES // 2], authserv, sha256)


def _open_header(head: bytes, authserv: str, sha256: str) -> Opened:
    """What a message that cannot be opened says of itself."""
    try:
        opened = _opened(Incoming(head), authserv, sha256, is_whole=False)
    except Exception as error:  # noqa: BLE001 - then it is a message of nobody
        log.warning("nor can its header: %s", type(error).__name__)
        return unknown(sha256)
    return replace(opened, notice=None, is_broken=True, is_whole=True, is_hostile=True)


def unknown(sha256: str) -> Opened:
    """A message of which nothing can be known."""
    return Opened(sha256, is_hostile=True)


def _opened(
    message: Incoming, authserv: str, sha256: str, *, is_whole: bool, documents: Collection[str] = ()
) -> Opened:
    return Opened(
        sha256=sha256,
        sender=message.sender,
        subject=message.subject,
        message_id=message.message_id,
        thread=message.references,
        author=message.author,
        is_report=message.root.get_content_type() == "multipart/report",
        is_authentic=is_authentic(message, authserv),
        found=find_workbooks(message, documents) if is_whole else NOTHING,
        notice=read_notice(message),
        is_broken=is_whole and message.is_broken,
        is_whole=is_whole,
        first_line=first_line(message) if message.references and is_whole else "",
        lines=written_lines(message) if message.references and is_whole else (),
    )
