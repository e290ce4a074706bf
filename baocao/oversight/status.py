"""How a period stands: who has sent what, the report's state, the mails' states."""

from dataclasses import dataclass, replace
from typing import Any

from baocao.consolidation.standings import period_standings
from baocao.domain.delivery import DeliverySummary
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import completeness_pct, timeliness_pct
from baocao.store import reports
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import summarize
from baocao.store.reports import ReportRecord
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PeriodStatus:
    """The board of one period."""

    period: Period
    is_closed: bool
    units: tuple[UnitStanding, ...]
    report: ReportRecord | None
    deliveries: DeliverySummary

    def as_row(self) -> dict[str, Any]:
        """The status as ``status --json`` prints it."""
        return {
            "period": str(self.period),
            "closed": self.is_closed,
            "units": [_unit_row(unit) for unit in self.units],
            "completeness_pct": completeness_pct(self.units),
            "timeliness_pct": timeliness_pct(self.units),
            "report": _report_row(self.report) if self.report else None,
            "deliveries": self.deliveries.as_row(),
        }


def period_status(workspace: Workspace, period: Period, clock: Clock) -> PeriodStatus:
    """How a period stands now; reads only."""
    schedule = workspace.schedule(period)
    with reading(workspace.engine) as connection:
        return PeriodStatus(
            period=period,
            is_closed=clock.now >= schedule.close_at,
            units=period_standings(connection, workspace.plan, period),
            report=_local(workspace, reports.latest(connection, period)),
            deliveries=summarize(connection, period),
        )


def current_period(workspace: Workspace, clock: Clock) -> Period:
    """The period being collected: the last one that is open by now, or the plan's first."""
    opened = [one.period for one in workspace.calendar.values() if one.open_at <= clock.now]
    return max(opened, default=workspace.plan.periods[0])


def _unit_row(unit: UnitStanding) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "state": unit.state.value,
        "timeliness": unit.timeliness.value,
        "version": unit.version,
        "received_at": unit.received_at.isoformat() if unit.received_at else None,
        "critical": unit.critical,
        "warnings": unit.warnings,
    } | ({"waiting": True} if unit.is_waiting else {})


def _local(workspace: Workspace, record: ReportRecord | None) -> ReportRecord | None:
    if record is None or record.sent_at is None:
        return record
    return replace(record, sent_at=workspace.local(record.sent_at))


def _report_row(record: ReportRecord) -> dict[str, Any]:
    return {
        "version": record.version,
        "state": record.state.value,
        "sent_at": record.sent_at.isoformat() if record.sent_at else None,
    }
