"""When and for what a message arrived."""

from dataclasses import dataclass
from datetime import datetime

from baocao.domain.period import Period


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a message arrived (aware), for which period mail is collected, and what time it is for the run."""

    received_at: datetime
    period: Period
    now: datetime
