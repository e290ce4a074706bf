"""What the outbox tells about messages and their deliveries."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """How a message stands with one recipient.

    PENDING and DEFERRED are tried by themselves; SENT and REFUSED are ends; UNCERTAIN (the server may have it) is
    left to a person; SENDING is held by a process until its lease runs out, and is then UNCERTAIN.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"

    @property
    def label(self) -> str:
        """The state for people."""
        return _LABELS[self]


_LABELS = {
    DeliveryState.PENDING: "Chờ gửi",
    DeliveryState.SENDING: "Đang gửi",
    DeliveryState.SENT: "Đã gửi",
    DeliveryState.REFUSED: "Bị từ chối",
    DeliveryState.DEFERRED: "Tạm hoãn",
    DeliveryState.UNCERTAIN: "Chưa rõ",
}


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """How many deliveries are in each state; what is being sent now counts as pending."""

    sent: int = 0
    pending: int = 0
    refused: int = 0
    deferred: int = 0
    uncertain: int = 0

    @classmethod
    def count(cls, states: Iterable[str]) -> "DeliverySummary":
        """Count states, one per delivery."""
        counts = dict.fromkeys(("sent", "pending", "refused", "deferred", "uncertain"), 0)
        for state in states:
            counts["pending" if state == DeliveryState.SENDING else str(state)] += 1
        return cls(**counts)

    def as_row(self) -> dict[str, int]:
        """The counts as ``status --json`` prints them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message and one recipient. All times are aware, in UTC.

    ``replaced_by`` is the key of the smaller variant that went out instead.
    """

    recipient: str
    name: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    last_error: str | None
    note: str | None
    replaced_by: str | None
    sent_at: datetime | None

    def as_row(self) -> dict[str, Any]:
        """The delivery as JSON prints it; times in ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the outbox with its deliveries, in the order of the recipients' addresses."""

    key: str
    kind: str
    period: str | None
    unit: str | None
    subject: str
    message_id: str
    in_reply_to: str | None
    eml_file: str
    created_at: datetime
    deliveries: tuple[Delivery, ...]

    def as_row(self) -> dict[str, Any]:
        """The message as ``outbox list --json`` prints it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "period": self.period,
            "unit": self.unit,
            "subject": self.subject,
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "eml_file": self.eml_file,
            "created_at": self.created_at.isoformat(),
            "deliveries": [delivery.as_row() for delivery in self.deliveries],
        }
