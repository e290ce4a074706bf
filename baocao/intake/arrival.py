"""When and for what a message arrived."""

from dataclasses import dataclass
from datetime import datetime

from baocao.domain.planned.period import Period


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a message was received (aware), for which period mail is collected, and what time it is for the run.

    ``arrived_at``: by the mail server's clock, whatever time the run takes for now; None where it does not say.
    """

    received_at: datetime
    period: Period
    now: datetime
    arrived_at: datetime | None = None
