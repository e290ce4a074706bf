"""Vietnamese working days: PyPI ``holidays`` with its make-up Saturdays, corrected by the plan's override table."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import holidays
from holidays.registry import COUNTRIES

from baocao.domain.planned.calendar import IsWorkingDay, Schedule
from baocao.domain.planned.calendar_rules import CalendarRules
from baocao.system.errors import UsageError


def working_days(rules: CalendarRules) -> IsWorkingDay:
    """The test whether a day is worked. The override table wins: the library misses late announcements.

    Raises:
        UsageError: the library knows no such country.
    """
    days_off = _days_off(rules)

    def is_working_day(day: date) -> bool:
        return rules.overrides.get(day, bool(days_off.is_working_day(day)))

    return is_working_day


def holiday_name(rules: CalendarRules, day: date) -> str | None:
    """What is celebrated on a day off, in Vietnamese; None on other days."""
    name: str | None = _days_off(rules, language="vi").get(day)
    return name


def presumed_years(rules: CalendarRules, schedules: Iterable[Schedule]) -> tuple[int, ...]:
    """The years with dates for which no official notice of days off is known: they may change yet.

    The library works out later years by rule alone; it knows notices up to the last year with one of their swaps.
    """
    known = max(getattr(_days_off(rules), "special_public_holidays", {}), default=0)
    years = {moment.year for one in schedules for moment in (one.open_at, one.submit_before, one.report_at)}
    return tuple(sorted(year for year in years if 0 < known < year and year not in rules.announced))


def _days_off(rules: CalendarRules, **more: Any) -> Any:
    if not any(rules.country in names for names in COUNTRIES.values()):
        raise UsageError(
            f"Không có lịch nghỉ của nước “{rules.country}” (calendar.country trong plan.yaml); hãy ghi mã ISO, như VN."
        )
    return holidays.country_holidays(rules.country, **more)
