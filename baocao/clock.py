"""The clock is read once, at the entry point, and handed down (decision 3)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment that a run takes for now. ``is_simulated`` where it was given by ``--as-of``."""

    now: datetime
    is_simulated: bool


def read_clock(as_of: datetime | None, zone: ZoneInfo) -> Clock:
    """Now, or the given moment; a moment without a zone is local time of the plan."""
    if as_of is None:
        return Clock(datetime.now(UTC).astimezone(zone), is_simulated=False)
    local = as_of.replace(tzinfo=zone) if as_of.tzinfo is None else as_of.astimezone(zone)
    return Clock(local, is_simulated=True)
