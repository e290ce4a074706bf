"""The whole plan as it might have gone («số liệu mô phỏng»): every file that every unit sends, in order."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.workbook.filling import Filled
from deployments.sample.events import Event, events_of
from deployments.sample.office import Character, Office, has_sheet, offices_of
from deployments.sample.sending import Sending
from deployments.sample.times import cutoff_before, late_moment, moment_before, usual_moment
from deployments.sample.writing.contents import content_of
from deployments.sample.writing.faults import with_faults
from deployments.sample.writing.quirks import as_decomposed, as_text, decomposed, with_missed, without_evidence

_SAVED_MINUTES = 6


def scenario(plan: Plan, calendar: Mapping[Period, Schedule], seed: int = 2022) -> tuple[Sending, ...]:
    """Every sending of every unit in the periods of the calendar, in order of ``sent_at``.

    The same arguments give the same sendings. All that is known of units, indicators, tasks and periods is the plan's.
    """
    sendings = [sending for office in offices_of(plan, seed) for sending in _of_office(office, calendar)]
    return tuple(sorted(sendings, key=lambda one: (one.sent_at, one.unit, one.file_name)))


def _of_office(office: Office, calendar: Mapping[Period, Schedule]) -> Iterator[Sending]:
    events = events_of(office, calendar)
    missed = tuple(period for period, event in events.items() if event is Event.MISSING)
    for period in office.plan.periods:
        if period in calendar:
            event = events.get(period) or _event_of_form(office, office.plan.form_of(period))
            yield from _Reporting(office, calendar[period], event, missed).sendings()


def _event_of_form(office: Office, form: Form) -> Event | None:
    """The assignment plan and the final assessment come back to one office each, and are mended."""
    is_returned = (office.character is Character.HURRIED and has_sheet(form, "assignments")) or (
        office.character is Character.SHORT_HANDED and has_sheet(form, "assessments")
    )
    return Event.RETURNED if is_returned else None


class _Reporting:
    """One office in one period; ``missed`` are the periods of which it sends nothing."""

    def __init__(self, office: Office, schedule: Schedule, event: Event | None, missed: tuple[Period, ...]) -> None:
        self._office, self._schedule, self._event, self._missed = office, schedule, event, missed
        self._form = office.plan.form_of(schedule.period)
        self._story = event.value if event else ""

    def sendings(self) -> Iterator[Sending]:
        if self._event is Event.MISSING:
            return
        if self._event is Event.RETURNED:
            yield from self._returned()
            return
        late = late_moment(self._office, self._schedule) if self._event is Event.LATE else None
        sent_at = late or usual_moment(self._office, self._schedule)
        name = self._name()
        filled = self._with_quirks(self._content(cutoff_before(self._office, sent_at)))
        if self._event is Event.LOCK_FILE:
            yield self._sending(sent_at - timedelta(minutes=2), f"~${name}", None)
        yield self._sending(sent_at, name, filled)
        if self._event is Event.TWICE:
            again = sent_at + timedelta(minutes=25)
            yield self._sending(again, f"Bản sao {name}", filled, saved_at=sent_at)

    def _returned(self) -> Iterator[Sending]:
        office, schedule = self._office, self._schedule
        first, second = moment_before(office, schedule, 4, hour=9), moment_before(office, schedule, 2, hour=15)
        clean = self._content(cutoff_before(office, first))
        faulty, planted = with_faults(office.plan, self._form, clean, office.turn)
        name = self._name()
        yield self._sending(first, name, faulty, planted=planted)
        if planted:
            yield self._sending(second, f"{name.removesuffix('.xlsx')} (sửa).xlsx", clean)

    def _content(self, cutoff: date) -> Filled:
        content = content_of(self._office, self._schedule.period, cutoff)
        if self._missed and has_sheet(self._form, "assessments"):
            return with_missed(self._office.plan, content, self._missed)
        return content

    def _with_quirks(self, filled: Filled) -> Filled:
        if self._event is Event.TYPED:
            return as_text(self._form, filled)
        if self._event is Event.DECOMPOSED:
            return as_decomposed(filled)
        return without_evidence(self._office.plan, filled) if self._event is Event.UNPROVEN else filled

    def _sending(
        self,
        sent_at: datetime,
        file_name: str,
        filled: Filled | None,
        planted: tuple[str, ...] = (),
        saved_at: datetime | None = None,
    ) -> Sending:
        return Sending(
            sent_at=sent_at,
            unit=self._office.unit.code,
            period=self._schedule.period,
            file_name=file_name,
            filled=filled,
            saved_at=(saved_at or sent_at) - timedelta(minutes=_SAVED_MINUTES),
            planted=planted,
            story=self._story,
        )

    def _name(self) -> str:
        unit, period = self._office.unit.code, self._schedule.period
        month = f"{period.month:02d}-{period.year}"
        names = (f"{self._form.code}-{unit}-{month}.xlsx", f"{self._form.title.capitalize()} {month} ({unit}).xlsx")
        name = self._office.chance("file name").choice(names)
        return str(decomposed(names[1])) if self._event is Event.DECOMPOSED else name
