"""How the units stand in a period: rows of the database as standings."""

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import standings
from baocao.store.accepted.counted import early_units, quarantined_units
from baocao.store.engine.names import Connection
from baocao.store.published import signed_copies
from baocao.store.submissions import of_period


def period_standings(connection: Connection, plan: Plan, period: Period) -> tuple[UnitStanding, ...]:
    """How every unit stands in a period."""
    quarantined, waiting = quarantined_units(connection, period), early_units(connection, period)
    signed = signed_copies.of_period(connection, period)
    return standings(plan.at(period), of_period(connection, period), quarantined, waiting, signed)
