"""Everything that a step needs to work: settings, plan, calendar, database. Opened once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from baocao.domain.mailbox import Mailbox, parse_mailbox
from baocao.domain.planned.calendar import Schedule, build_calendar
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import PDF, WORD
from baocao.plan.loading import load_plan
from baocao.plan.workdays import working_days
from baocao.store.engine.address import may_exist
from baocao.store.engine.database import open_database
from baocao.store.engine.names import Engine
from baocao.store.frozen import ensure_history_kept
from baocao.store.homes import keep_unbounded
from baocao.system.clock import Clock, now, read_clock
from baocao.system.errors import UsageError
from baocao.workspace.past import ensure_same_past
from baocao.workspace.settings import FORMS_FOLDER, Settings, load_settings


@dataclass(frozen=True)
class Workspace:
    """The house's tools, opened when first used."""

    settings: Settings

    @cached_property
    def plan(self) -> Plan:
        """The plan that is reported on."""
        return load_plan(self.settings.plan_folder)

    @cached_property
    def engine(self) -> Engine:
        """The database, migrated.

        Raises:
            UsageError: it belongs to another plan, it is empty although this home has a past, or the plan contradicts
                what was reported by it.
        """
        ensure_same_past(self.settings)
        moment = now()
        engine = open_database(self.settings.database, self.plan.code, moment)
        try:
            ensure_history_kept(engine, self.plan, moment)
            keep_unbounded(engine, self.plan.unbounded)
        except UsageError:
            engine.dispose()
            raise
        return engine

    @property
    def documents_taken(self) -> frozenset[str]:
        """The extensions of the documents that are taken in beside workbooks: answers in Word, signed PDFs."""
        word = {WORD} if self.plan.takes_word else set()
        return frozenset(word | ({PDF} if self.settings.signers is not None else set()))

    @property
    def has_database(self) -> bool:
        """Whether anything was ever stored; asking makes no database."""
        return may_exist(self.settings.database)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The plan's time zone."""
        return ZoneInfo(self.plan.calendar.timezone)

    @cached_property
    def calendar(self) -> Mapping[Period, Schedule]:
        """Every period's dates."""
        schedules = build_calendar(self.plan, working_days(self.plan.calendar))
        return {schedule.period: schedule for schedule in schedules}

    def schedule(self, period: Period) -> Schedule:
        """The dates of a period.

        Raises:
            UsageError: the plan has no such period.
        """
        if period not in self.calendar:
            first, last = self.plan.periods[0], self.plan.periods[-1]
            raise UsageError(
                f"Kế hoạch “{self.plan.code}” không có kỳ {period.short}; hãy chọn từ {first.short} đến {last.short}."
            )
        return self.calendar[period]

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.settings.home

    @cached_property
    def sender(self) -> Mailbox:
        """Whose name our mails bear: ``BAOCAO_SMTP_FROM``, or the coordinating unit."""
        if self.settings.smtp_from:
            return parse_mailbox(self.settings.smtp_from)
        coordinator = self.plan.unit_by_code[self.plan.coordinator]
        return coordinator.name, coordinator.email

    @property
    def outbox_folder(self) -> Path:
        """Where every message lies as .eml."""
        return self.home / "outbox"

    def report_folder(self, period: Period, version: int) -> Path:
        """Where a report's files lie."""
        return self.home / "reports" / str(period) / f"v{version}"

    @property
    def reports_lock(self) -> Path:
        """Held by the run that writes a report's files or closes a version: one at a time."""
        return self.home / ".reports.lock"

    def form_path(self, unit: str, period: Period) -> Path:
        """Where a unit finds its form of a period, once it was sent: a subfolder that intake leaves alone."""
        form = self.plan.form_of(period)
        return self.settings.inbox_folder / unit / FORMS_FOLDER / f"{form.code}-{unit}-{period}.xlsx"

    def returned_path(self, period: Period, unit: str, version: int) -> Path:
        """Where a returned workbook lies."""
        return self.home / "returned" / str(period) / unit / f"v{version}.xlsx"

    def returned_copy(self, period: Period, unit: str, version: int) -> Path | None:
        """The returned file as it lies there, a workbook or a document; None where nothing was returned."""
        path = self.returned_path(period, unit, version)
        return next((one for one in (path, path.with_suffix(".docx")) if one.is_file()), None)

    def local(self, moment: datetime) -> datetime:
        """A moment in the plan's zone."""
        return moment.astimezone(self.zone)

    def clock(self, as_of: datetime | None = None) -> Clock:
        """Now in the plan's zone, or the given moment; read once for each run, at its entry point."""
        return read_clock(as_of, self.zone)


@cache
def open_workspace() -> Workspace:
    """This process's workspace, by its environment."""
    return Workspace(load_settings())
