"""Quy tắc lịch: from which the plan's deadlines, reminders and report dates are derived."""

from datetime import date, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period, periods_between


class ReportDays(Frozen):
    """The days of the month (first to last) among which the last working day is when the report goes out."""

    first: int = Field(ge=1, le=31)
    last: int = Field(ge=1, le=31)


class Before(Frozen):
    """«Trước ngày N»: strictly before day N, 00:00, of the period's month, or so many months after it."""

    day: int = Field(ge=1, le=31)
    months_after: int = Field(default=0, ge=0, le=12)

    def date_in(self, period: Period) -> date:
        """The day before which something must be done."""
        month = period.shift(self.months_after)
        return month.first_day.replace(day=min(self.day, month.last_day.day))


class Cycle(Frozen):
    """A form and the periods in which it is reported.

    ``moved``: by period the day before which it is wanted where a letter moved the deadline; no holiday moves it again.
    """

    form: str
    first: Period
    last: Period
    submit: Before
    report_days: ReportDays
    report: Before
    moved: dict[Period, date] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _moved_are_periods(self) -> Self:
        for period, day in self.moved.items():
            if not self.first <= period <= self.last or day <= period.first_day:
                raise ValueError(f"moved: hạn {day:%d/%m/%Y} của kỳ {period.short} phải sau ngày đầu của một kỳ này")
        return self

    def submit_day(self, period: Period) -> date:
        """The day before which a period's reports are wanted."""
        return self.moved.get(period) or self.submit.date_in(period)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period of the cycle in order."""
        return periods_between(self.first, self.last)

    def cutoff(self, period: Period, stated: date | None = None) -> date:
        """The day up to which a period counts: the last one before its deadline, or an earlier one that a unit states.

        A unit that states a later day is not judged by it: its report speaks of this period.
        """
        last = self.submit_day(period) - timedelta(days=1)
        return last if stated is None else min(stated, last)


class CalendarRules(Frozen):
    """How deadlines, reminders and report dates are derived. ``overrides``: True is a working day, False a day off.

    ``announced``: years whose days off are known from an official notice, beside those that the library knows.
    """

    timezone: str = "Asia/Ho_Chi_Minh"
    country: str = "VN"
    on_holiday: Literal["keep", "previous", "next"] = "keep"
    at: time = time(8, 0)
    reminders: tuple[int, ...] = (5, 1)
    overrides: dict[date, bool] = Field(default_factory=dict)
    announced: tuple[int, ...] = ()
    cycles: tuple[Cycle, ...]

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("không có múi giờ này; viết như Asia/Ho_Chi_Minh (hoặc máy thiếu gói tzdata)") from None
        return name
