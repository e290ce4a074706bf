"""How a message leaves the house, seen from the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from baocao.mail.files import write_all


class Outcome(StrEnum):
    """What became of one message and one recipient in one attempt."""

    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Reply:
    """An outcome and, where it is not SENT, why."""

    outcome: Outcome
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

    def open(self) -> None:
        """Make sure that messages can be sent. Does nothing where the way is open already.

        Raises:
            OutsideServiceError: there is no way out now; nothing was sent.
        """

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        """Try once to send, and say for every recipient what became of it.

        Raises:
            OutsideServiceError: the way closed before anything was sent.
        """

    def close(self) -> None:
        """Let go of the connection. Never raises for a connection that is broken."""


class FileTransport:
    """No mail server: the .eml file in the outbox is the delivery (decision 13)."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the outbox, or another folder that is to receive copies."""
        self._folder = folder

    def open(self) -> None:
        """Nothing to open."""

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        """Put the file there where it is not there yet; sent to everybody."""
        if not (self._folder / envelope.file).exists():
            write_all(self._folder, {envelope.file: envelope.content})
        return dict.fromkeys(envelope.recipients, Reply(Outcome.SENT))

    def close(self) -> None:
        """Nothing to close."""
