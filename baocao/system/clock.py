"""The clock is read once, at the entry point, and handed down (decision 3). Moments are whole seconds from here on.

What is dated later (a PDF, a mail's header, a calendar's rule) has no parts of a second, and neither has a deadline.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment that a run takes for now, a whole second. ``is_simulated`` where it was given by ``--as-of``."""

    now: datetime
    is_simulated: bool


def now() -> datetime:
    """The real now in UTC, cut to its second."""
    return whole_second(datetime.now(UTC))


def whole_second(moment: datetime) -> datetime:
    """A moment cut to its second: never moved past a deadline."""
    return moment.replace(microsecond=0)


def read_clock(as_of: datetime | None, zone: ZoneInfo) -> Clock:
    """Now, or the given moment; a moment without a zone is local time of the plan."""
    if as_of is None:
        return Clock(now().astimezone(zone), is_simulated=False)
    return Clock(whole_second(in_zone(as_of, zone)), is_simulated=True)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment that a person gave, aware: without a zone it is local."""
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
