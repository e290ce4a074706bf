"""What the pages tell, read in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from baocao.consolidation.standings import period_standings
from baocao.domain.delivery import DeliverySummary
from baocao.domain.grouping import grouped
from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Receipt, Submission, Timeliness, UnitState
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import standings
from baocao.narrative.phrases import unit_names
from baocao.oversight.status import current_period
from baocao.oversight.troubles import OpenTrouble, open_troubles
from baocao.reminders.lacking import escalation_key, form_key, reminder_key
from baocao.site.results import Results, read_results
from baocao.site.units import UnitData, read_units
from baocao.store import receipts, reports
from baocao.store.accepted.counted import quarantined_units
from baocao.store.accepted.tallies import Kept, count_messages, deadlines_kept
from baocao.store.engine.database import reading
from baocao.store.engine.names import Connection
from baocao.store.outbox.messages import summarize
from baocao.store.published import signed_copies
from baocao.store.reports import ReportRecord
from baocao.store.submissions import findings_of, of_units
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

MOST_UNITS = 200


@dataclass(frozen=True)
class SiteFacts:
    """Everything that is told at one moment.

    ``board`` is how all units stand in the current period. ``units`` are those that have a page of their own;
    ``standings`` is how these stand in every period that has opened, ``kept`` how many of all kept its deadline.
    """

    plan: Plan
    home: Path
    now: datetime
    current: Period
    calendar: Mapping[Period, Schedule]
    board: tuple[UnitStanding, ...]
    standings: Mapping[Period, tuple[UnitStanding, ...]]
    kept: Mapping[Period, Kept]
    reports: tuple[ReportRecord, ...]
    deliveries: DeliverySummary
    results: Results | None
    units: tuple[str, ...]
    data: UnitData
    mails: Mapping[str, int] = field(default_factory=dict)
    submissions: Mapping[str, Sequence[Submission]] = field(default_factory=dict)
    findings: Mapping[int, Sequence[Finding]] = field(default_factory=dict)
    quarantined: Mapping[str, Sequence[Receipt]] = field(default_factory=dict)
    troubles: tuple[OpenTrouble, ...] = ()

    @property
    def schedule(self) -> Schedule:
        """The dates of the current period."""
        return self.calendar[self.current]

    def local(self, moment: datetime) -> datetime:
        """A moment in the plan's zone."""
        return moment.astimezone(self.now.tzinfo)

    @property
    def is_open(self) -> bool:
        """Whether the current period is still being collected."""
        return not self.is_over(self.current)

    def without_clause(self, results: Results) -> str:
        """``chưa có báo cáo của Sở A``: whose report of the results' period does not count; empty where all do."""
        silent = results.silent
        names = [unit.name for unit in self.plan.units if unit.code in silent]
        return f"chưa có báo cáo của {unit_names(names)}" if names else ""

    def is_over(self, period: Period) -> bool:
        """Whether a period has closed."""
        return self.now >= self.calendar[period].close_at


def read_facts(workspace: Workspace, clock: Clock, asked: Collection[str] = ()) -> SiteFacts:
    """Read what the pages tell; ``asked`` are units that must have a page, whatever their number."""
    plan, current = workspace.plan, current_period(workspace, clock)
    opened = [one for one in plan.periods if one <= current]
    with reading(workspace.engine) as connection:
        board = period_standings(connection, plan, current)
        units = _shown(plan, board, asked)
        submissions = of_units(connection, units, current)
        held = (one for one in receipts.in_quarantine(connection) if one.unit in units)
        return SiteFacts(
            plan=plan,
            home=workspace.home,
            now=workspace.local(clock.now),
            current=current,
            calendar=workspace.calendar,
            board=board,
            standings={one: _standings(connection, plan, one, submissions, units) for one in opened[:-1]}
            | {current: board},
            kept=deadlines_kept(connection),
            reports=tuple(reports.every(connection)),
            deliveries=summarize(connection, current),
            results=read_results(connection, plan, workspace.calendar, clock.now),
            units=units,
            data=read_units(connection, plan, current, units),
            mails=_mails(connection, workspace.calendar, opened),
            submissions=grouped(submissions, lambda one: one.unit),
            findings=findings_of(connection, [one.id for one in submissions]),
            quarantined=grouped(held, lambda one: one.unit or ""),
            troubles=tuple(open_troubles(workspace.home)),
        )


def _standings(
    connection: Connection, plan: Plan, period: Period, submissions: Sequence[Submission], units: Collection[str]
) -> tuple[UnitStanding, ...]:
    mine = [one for one in submissions if one.period == period]
    signed = signed_copies.of_period(connection, period)
    rows = standings(plan.at(period), mine, quarantined_units(connection, period), signed=signed)
    return tuple(row for row in rows if row.unit in units)


def _shown(plan: Plan, board: Sequence[UnitStanding], asked: Collection[str]) -> tuple[str, ...]:
    """All units; of very many those that need a look first, and those that were asked for."""
    if len(plan.units) <= MOST_UNITS:
        return tuple(unit.code for unit in plan.units)
    ordered = sorted(board, key=lambda one: (one.state is UnitState.ACCEPTED, one.timeliness is Timeliness.ON_TIME))
    chosen = {one.unit for one in ordered[:MOST_UNITS]} | set(asked)
    return tuple(unit.code for unit in plan.units if unit.code in chosen)


def _mails(connection: Connection, calendar: Mapping[Period, Schedule], periods: Sequence[Period]) -> dict[str, int]:
    """By the beginning of their keys, how many forms, reminders and escalations went out in the opened periods."""
    keys = [key for period in periods for key in (form_key(period, ""), escalation_key(period))]
    keys += [
        reminder_key(period, number, "")
        for period in periods
        for number in range(1, len(calendar[period].reminders) + 1)
    ]
    return {key: count_messages(connection, key) for key in keys}
