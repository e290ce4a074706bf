"""Vietnamese working days: PyPI ``holidays`` with its make-up Saturdays, corrected by the plan's override table."""

from datetime import date

from baocao.domain.calendar import IsWorkingDay
from baocao.domain.calendar_rules import CalendarRules


def working_days(rules: CalendarRules) -> IsWorkingDay:
    """The test whether a day is worked. The override table wins: the library misses late announcements."""
    import holidays

    country = holidays.country_holidays(rules.country)

    def is_working_day(day: date) -> bool:
        return rules.overrides.get(day, bool(country.is_working_day(day)))

    return is_working_day


def holiday_name(rules: CalendarRules, day: date) -> str | None:
    """What is celebrated on a day off, in Vietnamese; None on other days."""
    import holidays

    return holidays.country_holidays(rules.country, language="vi").get(day)
