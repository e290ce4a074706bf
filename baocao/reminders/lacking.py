"""Who still owes a report, and the keys of the letters that ask for it; light, since every run looks at both."""

from baocao.consolidation.standings import period_standings
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.progress import UnitStanding
from baocao.store.engine.database import reading
from baocao.store.submissions import findings_of, of_period
from baocao.workspace.workspace import Workspace


def form_key(period: Period, unit: str) -> str:
    """The key of a unit's blank form."""
    return f"form/{period}/{unit}"


def reminder_key(period: Period, number: int, unit: str) -> str:
    """The key of a unit's reminder."""
    return f"remind/{period}/{number}/{unit}"


def escalation_key(period: Period) -> str:
    """The key of a period's escalation."""
    return f"escalate/{period}"


def lacking_units(workspace: Workspace, period: Period) -> list[str]:
    """The units without an accepted submission."""
    return [standing.unit for standing, _ in lacking(workspace, period)]


def lacking(workspace: Workspace, period: Period) -> list[tuple[UnitStanding, list[Finding]]]:
    """Each unit without an accepted submission, with the findings of its last one."""
    with reading(workspace.engine) as connection:
        rows = period_standings(connection, workspace.plan, period)
        ids = {(one.unit, one.version): one.id for one in of_period(connection, period)}
        rejected = [ids[row.unit, row.version] for row in rows if row.state is UnitState.REJECTED and row.version]
        findings = findings_of(connection, rejected)
    return [
        (row, findings.get(ids.get((row.unit, row.version or 0), 0), []))
        for row in rows
        if row.state is not UnitState.ACCEPTED
    ]
