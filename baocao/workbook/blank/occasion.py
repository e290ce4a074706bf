"""For whom and when a form is drawn, and what is known by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit


class Reported(NamedTuple):
    """Counts as accepted before; ``since`` says of which period or periods, for people."""

    numerator: int
    denominator: int
    since: str


class Carried(NamedTuple):
    """What the last accepted report of ``period`` said of a task, by column key."""

    period: Period
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in a blank form beside the plan's own data.

    ``previous_pct``: the last accepted ratio in percent by figure code; None where nothing occurred. ``reported``: by
    figure code, the counts behind it; in a closing form the sum of the months, where that is what it asks for.
    ``assignments``: by task code, the values by column key (``lead``, ``coordinating``, ``due_date``, ``product``)
    that the unit planned. ``carried``: by task code, what goes over from the last report until the unit says otherwise.
    ``token``: the submission code (Mã nộp).
    """

    previous_pct: Mapping[str, float | None] = field(default_factory=dict)
    reported: Mapping[str, Reported] = field(default_factory=dict)
    assignments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)
    token: str = ""


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom and for when a form is made."""

    plan: Plan
    form: Form
    unit: Unit
    period: Period
    known: Known
