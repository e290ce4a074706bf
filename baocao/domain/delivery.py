"""What the outbox tells about messages and their deliveries."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from baocao.domain.labelled import Labelled


class DeliveryState(Labelled):
    """How a message stands with one recipient."""

    # Written down, not tried yet; the next delivery takes it.
    PENDING = "pending", "Chờ gửi"
    # Held by a process until its lease runs out, and is then UNCERTAIN.
    SENDING = "sending", "Đang gửi"
    # The server took it, or it was laid into a file; an end, unless it comes back (REFUSED).
    SENT = "sent", "Đã gửi"
    # The server will never take it; the operators are told, a person retries or settles it.
    REFUSED = "refused", "Bị từ chối"
    # Put off by the server; tried again by itself, ever later.
    DEFERRED = "deferred", "Tạm hoãn"
    # The server may have it: never sent again by itself, left to a person.
    UNCERTAIN = "uncertain", "Chưa rõ"


FILED_LABEL = "Đã ghi ra tệp"
"""What is called sent where there is no mail server: the file is the delivery (decision 13)."""


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """How many deliveries are in each state; what is being sent now counts as pending.

    ``filed`` are those among ``sent`` that went into files only.
    """

    sent: int = 0
    pending: int = 0
    refused: int = 0
    deferred: int = 0
    uncertain: int = 0
    filed: int = 0

    @classmethod
    def count(cls, states: Iterable[str], filed: int = 0) -> "DeliverySummary":
        """Count states, one per delivery."""
        counts = dict.fromkeys(("sent", "pending", "refused", "deferred", "uncertain"), 0)
        for state in states:
            counts["pending" if state == DeliveryState.SENDING else str(state)] += 1
        return cls(**counts, filed=filed)

    def as_row(self) -> dict[str, int]:
        """The counts as ``status --json`` prints them."""
        return {name: count for name, count in asdict(self).items() if name != "filed"}

    def told(self) -> dict[str, int]:
        """The counts for people, by the states' names; sent always, the others where there are any."""
        rest = {state.label: getattr(self, state) for state in DeliveryState if state in _COUNTED}
        counts = {FILED_LABEL: self.filed, **rest}
        sent = self.sent - self.filed
        shown = {name: count for name, count in counts.items() if count}
        return shown if self.filed and not sent else {DeliveryState.SENT.label: sent, **shown}


_COUNTED = (DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message and one recipient. All times are aware, in UTC.

    ``replaced_by`` is the key of the smaller variant that went out instead; ``note`` is what a person found out or
    decided. ``attempts`` counts every try, those that found no way to the server, too.
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
    is_filed: bool

    @property
    def label(self) -> str:
        """The state for people."""
        return FILED_LABEL if self.is_filed else self.state.label

    @property
    def is_open(self) -> bool:
        """Whether it did not arrive, or nobody knows, and no person or smaller variant has settled it."""
        stuck = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
        return self.state in stuck and self.replaced_by is None and not self.note

    def told(self) -> str:
        """The delivery in a line: to whom, its state, how often it was tried, and the last fault."""
        tries = f", đã thử {self.attempts} lần" if self.attempts > 1 or (self.attempts and self.last_error) else ""
        said = "; ".join(one for one in (self.last_error, self.note) if one)
        return f"{self.recipient}: {self.label}{tries}{f' ({said})' if said else ''}"

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
