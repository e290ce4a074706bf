"""Kế hoạch: what was promised. Data, not code; parsed from ``plans/<name>/*.yaml``."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from pydantic import Field, model_validator

from baocao.domain.model import Frozen
from baocao.domain.planned.calendar_rules import CalendarRules, Cycle
from baocao.domain.planned.choices import FinalSum, MissingUnit, ScorePreset, Scoring, UnitPage
from baocao.domain.planned.form import Form, FormKind, Rows
from baocao.domain.planned.indicator import MAX_COUNT, Figure, Indicator, code_places, figures_of, unit_places
from baocao.domain.planned.period import Period
from baocao.domain.planned.rule_limits import RuleLimits, Severities
from baocao.domain.planned.task import Milestone, PlanTask
from baocao.domain.planned.unit import Address, Unit, succession_faults

Place = tuple[str | int, ...]


class PlacedError(ValueError):
    """A fault between two places of the plan, with the one that is to be mended."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class RecipientRole(StrEnum):
    """What is mailed to a recipient."""

    REPORT = "report"
    BUDGET = "budget"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"
    APPROVER = "approver"


class Recipient(Frozen):
    """Nơi nhận."""

    code: str
    name: str
    email: Address
    roles: tuple[RecipientRole, ...]


class Issuer(Frozen):
    """Who signs the report, and how the letterhead reads."""

    parent: str
    name: str
    abbreviation: str
    place: str
    signer_title: str
    signer_name: str = ""
    addressees: tuple[str, ...]
    copies: tuple[str, ...] = ()
    document_office: str = "VT"


class Span(Frozen):
    """A first and a last day."""

    start: date
    end: date


class Plan(Frozen):
    """The whole plan. Everything that names a unit, a date or a target stands here and nowhere in code.

    ``phase`` is what the plan's time is called in sentences («từ đầu thí điểm», «kết thúc đợt nhân rộng»).
    ``preparation``: the time before the pilot in which its first tasks fall due (documents are issued, forms sent).
    ``count_limit``: no numerator or denominator of a unit can be larger; an indicator may have a limit of its own.
    ``own_sources``: words by which a source of funds is known as a unit's own, which nobody else has to provide.
    ``final_sum``: how much it weighs where the final form's FLOW figures are not the sums of the months.
    ``unit_page``: the page that each unit's head gets with a report; how it places the unit among the others.
    ``limits``: how far a figure may go before a rule asks about it. ``severities``: warnings that weigh otherwise here.
    ``others``, ``resting``: units that do not report, indicators that are not asked in the period that it was taken at.
    """

    code: str
    title: str
    short_title: str
    phase: str = "thí điểm"
    basis: str
    basis_document: str = ""
    is_sample: bool = False
    remarks: tuple[str, ...] = ()
    issuer: Issuer
    coordinator: str
    pilot: Span
    preparation: Span | None = None
    units: tuple[Unit, ...] = Field(min_length=1)
    recipients: tuple[Recipient, ...]
    is_report_copied_to_units: bool = False
    calendar: CalendarRules
    scoring: Scoring = Scoring()
    missing_unit: MissingUnit = MissingUnit.LAST_VALUE
    count_limit: int = Field(default=10_000_000, gt=0, le=MAX_COUNT)
    own_sources: tuple[str, ...] = ("tự chủ", "tự có", "nguồn thu", "xã hội hóa", "quỹ phát triển")
    final_sum: FinalSum = FinalSum.CRITICAL
    unit_page: UnitPage = UnitPage.ANONYMOUS
    limits: RuleLimits = RuleLimits()
    severities: Severities = Severities()
    others: tuple[Unit, ...] = ()
    resting: tuple[Indicator, ...] = ()
    indicator_groups: dict[str, str]
    indicator_rules: dict[str, str] = Field(default_factory=dict)
    indicators: tuple[Indicator, ...]
    task_groups: dict[str, str]
    tasks: tuple[PlanTask, ...]
    milestones: tuple[Milestone, ...] = ()
    forms: dict[str, Form]

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        _refuse_duplicates("mã đơn vị", ((("units", n, "code"), unit.code) for n, unit in enumerate(self.units)))
        _refuse_duplicates("mã chỉ tiêu", code_places(self.indicators))
        _refuse_duplicates("mã nhiệm vụ", ((("tasks", n, "code"), task.code) for n, task in enumerate(self.tasks)))
        for n, (field, fault) in succession_faults((*self.units, *self.others)).items():
            raise PlacedError(("units", n, field), fault)
        for place, code in unit_places(self.indicators):
            if code not in self.everyone_by_code:
                raise PlacedError(place, f"“{code}” không có trong danh sách đơn vị")
        if self.coordinator not in self.unit_by_code:
            raise PlacedError(("coordinator",), f"“{self.coordinator}” không có trong danh sách đơn vị")
        cycles = list(enumerate(self.calendar.cycles))
        for n, cycle in cycles:
            if cycle.form not in self.forms:
                message = f"biểu mẫu “{cycle.form}” không có trong thư mục forms"
                raise PlacedError(("calendar", "cycles", n, "form"), message)
        periods = ((("calendar", "cycles", n, "first"), str(p)) for n, cycle in cycles for p in cycle.periods)
        _refuse_duplicates("kỳ báo cáo", periods)
        return self

    def at(self, period: Period) -> Self:
        """The plan as a period is reported by: its units, indicators and targets of then; from there to any other."""
        if period not in self.taken:
            self.taken[period] = self._taken_at(period)
        return self.taken[period] or self

    @cached_property
    def taken(self) -> dict[Period, Self | None]:
        """By period the plan that :meth:`at` gives, made once for all files and letters; None: this very plan."""
        return {}

    def _taken_at(self, period: Period) -> Self | None:
        living = tuple(unit for unit in self.everyone if unit.reports_in(period))
        known = tuple(one.at(period) for one in (*self.indicators, *self.resting))
        asked = tuple(one for one in known if self._asks(one, period))
        if (living, asked) == (self.units, self.indicators):
            return None
        others = tuple(unit for unit in self.everyone if not unit.reports_in(period))
        resting = tuple(one for one in known if not self._asks(one, period))
        return self.changed(units=living, others=others, indicators=asked, resting=resting)

    def _asks(self, indicator: Indicator, period: Period) -> bool:
        """A final form asks everything."""
        forms = (self.forms[cycle.form] for cycle in self.calendar.cycles if period in cycle.periods)
        return indicator.is_asked_in(period) or any(form.kind is FormKind.FINAL for form in forms)

    def aimed_at(self, unit: str) -> Self:
        """The plan with a unit's own targets, in the period that it was taken at."""
        indicators = tuple(one.of(unit) for one in self.indicators)
        return self if indicators == self.indicators else self.model_copy(update={"indicators": indicators})

    def targeted(self, period: Period) -> Self:
        """The plan with the targets of a period; its units and indicators whole."""
        indicators = tuple(one.at(period) for one in self.indicators)
        return self if indicators == self.indicators else self.changed(indicators=indicators)

    @property
    def takes_word(self) -> bool:
        """Whether a unit may answer in a Word document, because a form was adopted from one."""
        return any(form.original for form in self.forms.values())

    @property
    def unbounded(self) -> frozenset[str]:
        """The codes whose numerator may exceed the denominator: counts and amounts beyond what was assigned."""
        return frozenset(one.code for one in (*self.indicators, *self.resting) if not one.is_share)

    @property
    def has_lower(self) -> bool:
        """Whether some indicator is better the lower it is."""
        return any(one.is_lower for one in (*self.indicators, *self.resting))

    @property
    def is_steady(self) -> bool:
        """Whether every period asks the same indicators, with the same targets."""
        return not any(one.phases or one.every > 1 for one in (*self.indicators, *self.resting))

    @property
    def everyone(self) -> tuple[Unit, ...]:
        """Every unit, whenever it reports."""
        return (*self.units, *self.others)

    @cached_property
    def everyone_by_code(self) -> dict[str, Unit]:
        """Every unit by its code, whenever it reports."""
        return {unit.code: unit for unit in self.everyone}

    def changed(self, **fields: Any) -> Self:
        """The plan with some fields exchanged, checked anew."""
        return type(self)(**{name: getattr(self, name) for name in Plan.model_fields} | fields)

    def gone_by(self, period: Period) -> frozenset[str]:
        """The units that report no more in a period."""
        return frozenset(unit.code for unit in self.everyone if unit.is_gone_by(period))

    @property
    def roadmap(self) -> Span:
        """From the first day of the preparation to the last of the pilot: when a task may fall due."""
        return Span(start=self.preparation.start if self.preparation else self.pilot.start, end=self.pilot.end)

    def cutoff_window(self, form: str, period: Period) -> Span | None:
        """Between which days a report of this form and period is cut off; None where the plan has none."""
        cycles = (one for one in self.calendar.cycles if one.form == form and period in one.periods)
        start = self.forms[form].cutoff.first_in
        return next((Span(start=start(period), end=one.submit_day(period)) for one in cycles), None)

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Units by their code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The rows of the indicator sheet in order: each headline, then its components."""
        return tuple(figure for indicator in self.indicators for figure in figures_of(indicator))

    @cached_property
    def figure_by_code(self) -> dict[str, Figure]:
        """Figures by their code."""
        return {figure.code: figure for figure in self.figures}

    def count_limit_of(self, indicator: str) -> int:
        """The largest count that can be meant in the rows of an indicator."""
        own = {one.code: one.count_limit for one in self.indicators}
        return own.get(indicator) or self.count_limit

    @property
    def scoring_preset(self) -> ScorePreset:
        """The chosen way to score; every indicator one point where the plan says nothing."""
        return self.scoring.presets.get(self.scoring.preset, ScorePreset(label="Mỗi chỉ tiêu một điểm"))

    @cached_property
    def unit_tasks(self) -> tuple[PlanTask, ...]:
        """The tasks on which every unit reports."""
        return tuple(task for task in self.tasks if task.is_reported)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Every period of every cycle, in order."""
        return tuple(sorted(period for cycle in self.calendar.cycles for period in cycle.periods))

    def cycle(self, period: Period) -> Cycle:
        """The cycle that a period belongs to.

        Raises:
            KeyError: the plan has no such period.
        """
        for cycle in self.calendar.cycles:
            if cycle.first <= period <= cycle.last:
                return cycle
        raise KeyError(str(period))

    def form_of(self, period: Period) -> Form:
        """The form that is reported in a period.

        Raises:
            KeyError: the plan has no such period.
        """
        return self.forms[self.cycle(period).form]

    def recipients_of(self, role: RecipientRole) -> tuple[Recipient, ...]:
        """Who receives what goes out under this role."""
        return tuple(recipient for recipient in self.recipients if role in recipient.roles)

    def row_codes(self, rows: Rows) -> tuple[str, ...]:
        """The codes that a coded sheet must have, in order; empty for free rows and labels."""
        indicators = tuple(indicator.code for indicator in self.indicators)
        tasks = tuple(task.code for task in self.unit_tasks)
        return {
            Rows.FIGURES: tuple(figure.code for figure in self.figures),
            Rows.INDICATORS: indicators,
            Rows.TASKS: tasks,
            Rows.INDICATORS_AND_TASKS: indicators + tasks,
        }.get(rows, ())


def _refuse_duplicates(what: str, codes: Iterator[tuple[Place, str]]) -> None:
    seen: set[str] = set()
    for place, code in codes:
        if code in seen:
            raise PlacedError(place, f"{what} “{code}” xuất hiện hai lần")
        seen.add(code)
