"""How a message leaves the house, seen from the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from baocao.mail.files import write_all
from baocao.system.errors import OutsideServiceError


class NoWayOutError(OutsideServiceError):
    """There is no way out now. ``reason`` is the cause alone, without advice, to be kept with what waits."""

    def __init__(self, message: str, reason: str, *, is_final: bool = False) -> None:
        """``is_final``: asking again is no use before a person has changed something."""
        super().__init__(message, reason)
        self.message, self.reason, self.is_final = message, reason, is_final

    def __str__(self) -> str:
        """What a person reads."""
        return self.message


class ReplyKind(StrEnum):
    """What became of one message and one recipient in one attempt. FILED counts as sent, and is called otherwise."""

    SENT = "sent"
    FILED = "filed"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Reply:
    """An outcome and, where it is not SENT, why."""

    outcome: ReplyKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message ready to go. ``file`` is its name in the outbox; ``content`` is the very bytes kept there."""

    file: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes


class Transport(Protocol):
    """A way out. Used by one thread; opened before the first message and closed after the last."""

    @property
    def is_open(self) -> bool:
        """Whether :meth:`open` would do nothing."""

    def open(self) -> None:
        """Make sure that messages can be sent. Does nothing where the way is open already.

        Raises:
            NoWayOutError: there is no way out now; nothing was sent.
        """

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        """Try once to send, and say for every recipient what became of it.

        Raises:
            NoWayOutError: the way closed before anything was sent.
        """

    def close(self) -> None:
        """Let go of the connection. Never raises for a connection that is broken."""


class FileTransport:
    """No mail server: the .eml file in the outbox is the delivery (decision 13)."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the outbox, or another folder that is to receive copies."""
        self._folder = folder

    @property
    def is_open(self) -> bool:
        """Always."""
        return True

    def open(self) -> None:
        """Nothing to open."""

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        """Put the file there where it is not there yet; laid down for everybody."""
        if not (self._folder / envelope.file).exists():
            write_all(self._folder, {envelope.file: envelope.content})
        return dict.fromkeys(envelope.recipients, Reply(ReplyKind.FILED))

    def close(self) -> None:
        """Nothing to close."""
