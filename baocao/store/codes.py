"""How often a unit's Mã nộp for a period was given anew: the number enters the code, so that older ones are no good."""

from sqlalchemy import Connection, select, update

from baocao.domain.planned.period import Period
from baocao.store.engine.dialect import insert_ignoring
from baocao.store.schema.audit import code_renewal


def renewals(connection: Connection, unit: str, period: Period) -> int:
    """How often; 0 where the first code still holds."""
    query = select(code_renewal.c.number).where(code_renewal.c.unit == unit, code_renewal.c.period == str(period))
    return connection.scalar(query) or 0


def renew(connection: Connection, unit: str, period: Period) -> int:
    """Make all codes so far void, in the caller's transaction; returns how often that has been done."""
    row = {"unit": unit, "period": str(period), "number": 0}
    insert_ignoring(connection, code_renewal, [row], code_renewal.c.unit, code_renewal.c.period)
    where = (code_renewal.c.unit == unit) & (code_renewal.c.period == str(period))
    connection.execute(update(code_renewal).where(where).values(number=code_renewal.c.number + 1))
    return renewals(connection, unit, period)
