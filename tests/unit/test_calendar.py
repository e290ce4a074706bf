"""Lịch: the plan's dates to the day, Tết, make-up Saturdays, overrides, moved deadlines."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.workbooks.samples import plan

from baocao.domain.planned.calendar import IsWorkingDay, Schedule, build_calendar, schedule_of, working_days_before
from baocao.domain.planned.calendar_rules import CalendarRules
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.plan.workdays import holiday_name, working_days

SHIPPED = plan()
PERIODS = st.builds(Period, st.integers(2022, 2027), st.integers(1, 12))
WORKED = working_days(SHIPPED.calendar)

# period: form, open_at, reminders, submit_before, report_at, report_before
DATES = {
    "2022-08": ("phan-cong", "2022-08-01", ("2022-08-22", "2022-08-26"), "2022-08-30", "2022-08-30", "2022-08-31"),
    "2022-09": ("thang", "2022-09-05", ("2022-09-12", "2022-09-16"), "2022-09-20", "2022-09-23", "2022-09-25"),
    "2022-10": ("thang", "2022-10-03", ("2022-10-12", "2022-10-18"), "2022-10-20", "2022-10-24", "2022-10-25"),
    "2022-11": ("thang", "2022-11-01", ("2022-11-11", "2022-11-17"), "2022-11-20", "2022-11-24", "2022-11-25"),
    "2022-12": ("thang", "2022-12-01", ("2022-12-12", "2022-12-16"), "2022-12-20", "2022-12-23", "2022-12-25"),
    "2023-01": ("thang", "2023-01-03", ("2023-01-12", "2023-01-18"), "2023-01-20", "2023-01-20", "2023-01-25"),
    "2023-02": ("thang", "2023-02-01", ("2023-02-10", "2023-02-16"), "2023-02-20", "2023-02-24", "2023-02-25"),
    "2023-03": ("tong-ket", "2023-03-01", ("2023-03-10", "2023-03-16"), "2023-03-20", "2023-03-24", "2023-04-01"),
}

# Of each month: which of the days 19, 20, 24, 25 are worked, as the plan's reference calendar has them.
REFERENCE_WORKING = {
    "2022-08": (True, False, True, True),
    "2022-09": (True, True, False, False),
    "2022-10": (True, True, True, True),
    "2022-11": (False, False, True, True),
    "2022-12": (True, True, False, False),
    "2023-01": (True, False, False, False),
    "2023-02": (False, True, True, False),
    "2023-03": (False, True, True, False),
}
# day off -> the working day before, the working day after (the same reference)
REFERENCE_NEIGHBOURS = {
    "2022-08-20": ("2022-08-19", "2022-08-22"),
    "2022-09-24": ("2022-09-23", "2022-09-26"),
    "2022-11-20": ("2022-11-18", "2022-11-21"),
    "2022-12-25": ("2022-12-23", "2022-12-26"),
    "2023-01-20": ("2023-01-19", "2023-01-27"),
    "2023-01-25": ("2023-01-19", "2023-01-27"),
    "2023-02-19": ("2023-02-17", "2023-02-20"),
    "2023-03-25": ("2023-03-24", "2023-03-27"),
}


def _plan(**rules: Any) -> Plan:
    return SHIPPED.model_copy(update={"calendar": SHIPPED.calendar.model_copy(update=rules)})


def _schedule(period: str | Period, **rules: Any) -> Schedule:
    """The monthly cycle's dates in any month."""
    month = period if isinstance(period, Period) else Period.parse(period)
    cycle = next(one for one in SHIPPED.calendar.cycles if one.form == "thang")
    changed = _plan(cycles=(cycle.model_copy(update={"first": month, "last": month}),), **rules)
    return schedule_of(changed, month, working_days(changed.calendar))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _at(text: str, hour: int) -> str:
    return f"{text}T{hour:02d}:00:00+07:00"


def test_every_date_of_the_plan() -> None:
    rows = [schedule.as_row() for schedule in build_calendar(SHIPPED, WORKED)]
    assert rows == [
        {
            "period": period,
            "form": form,
            "open_at": _at(open_at, 8),
            "reminders": [_at(day, 8) for day in reminders],
            "submit_before": _at(submit, 0),
            "close_at": _at(submit, 0),
            "report_at": _at(report, 8),
            "report_before": _at(before, 0),
        }
        for period, (form, open_at, reminders, submit, report, before) in DATES.items()
    ]


def test_one_period_is_the_same_as_in_the_whole_calendar() -> None:
    for schedule in build_calendar(SHIPPED, WORKED):
        assert schedule_of(SHIPPED, schedule.period, WORKED) == schedule
    with pytest.raises(KeyError, match="2023-04"):
        schedule_of(SHIPPED, Period(2023, 4), WORKED)


@pytest.mark.parametrize("period", REFERENCE_WORKING)
def test_working_days_agree_with_the_reference(period: str) -> None:
    first = Period.parse(period).first_day
    assert tuple(WORKED(first.replace(day=day)) for day in (19, 20, 24, 25)) == REFERENCE_WORKING[period]


@pytest.mark.parametrize("day", REFERENCE_NEIGHBOURS)
def test_deadlines_moved_by_the_plan_fall_on_the_reference_s_neighbours(day: str) -> None:
    before, after = REFERENCE_NEIGHBOURS[day]
    month = Period.of(_day(day))
    cycle = SHIPPED.calendar.cycles[1]
    on_day = cycle.model_copy(
        update={
            "first": month,
            "last": month,
            "submit": cycle.submit.model_copy(update={"day": _day(day).day}),
        }
    )
    for rule, expected in (("keep", day), ("previous", before), ("next", after)):
        changed = _plan(on_holiday=rule, cycles=(on_day,))
        assert schedule_of(changed, month, WORKED).submit_before == datetime.fromisoformat(_at(expected, 0))


def test_a_working_deadline_never_moves() -> None:
    assert {_schedule("2022-10", on_holiday=rule).submit_before.day for rule in ("keep", "previous", "next")} == {20}


def test_moved_deadlines_around_tet_leave_time_for_the_report() -> None:
    later = _schedule("2023-01", on_holiday="next")
    assert (later.submit_before.isoformat(), later.report_at.isoformat(), later.report_before.isoformat()) == (
        "2023-01-27T00:00:00+07:00",
        "2023-01-27T08:00:00+07:00",
        "2023-01-28T00:00:00+07:00",
    )
    sooner = _schedule("2022-12", on_holiday="previous")  # the 25th is a Sunday, so the report is due before Friday
    assert (sooner.report_at.date(), sooner.report_before.date()) == (date(2022, 12, 22), date(2022, 12, 23))


def test_a_reminder_never_comes_before_the_form() -> None:
    cycle = SHIPPED.calendar.cycles[1]
    early = cycle.model_copy(update={"submit": cycle.submit.model_copy(update={"day": 8})})
    schedule = schedule_of(_plan(cycles=(early,)), Period(2022, 11), WORKED)
    assert schedule.open_at.date() == date(2022, 11, 1)
    assert [moment.date() for moment in schedule.reminders] == [date(2022, 11, 4)]  # the other would be on 31/10


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2022-09-01", False),  # National Day has two days
        ("2022-09-02", False),
        ("2023-01-02", False),  # New Year's Day 2023 is a Sunday
        ("2023-01-19", True),
        ("2023-01-26", False),
        ("2024-05-04", True),  # Saturday worked for Monday 29/4/2024
        ("2024-04-29", False),
        ("2024-05-11", False),  # a Saturday like any other
        ("2025-04-26", True),  # Saturday worked for Friday 2/5/2025
    ],
)
def test_vietnamese_holidays_and_make_up_saturdays(day: str, is_worked: bool) -> None:
    assert WORKED(_day(day)) is is_worked


def test_the_override_table_wins_over_the_library() -> None:
    announced = {date(2026, 1, 2): False, date(2026, 1, 10): True, date(2022, 10, 24): False}
    rules = CalendarRules(cycles=(), overrides=announced)
    worked = working_days(rules)
    assert [worked(day) for day in announced] == [False, True, False]
    assert worked(date(2026, 1, 9))
    assert _schedule("2022-10", overrides={date(2022, 10, 24): False}).report_at.date() == date(2022, 10, 21)
    assert _schedule("2022-10", overrides={date(2022, 10, 1): True}).open_at.date() == date(2022, 10, 1)
    assert _schedule("2022-09", overrides={date(2022, 9, 24): True}).report_at.date() == date(2022, 9, 24)


def test_a_day_off_has_a_vietnamese_name() -> None:
    assert holiday_name(SHIPPED.calendar, date(2023, 1, 20)) == "29 Tết"
    assert holiday_name(SHIPPED.calendar, date(2023, 1, 19)) is None


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="không có ngày làm việc nào"):
        working_days_before(date(2022, 10, 20), 1, lambda _: False)


def _in_order(schedule: Schedule) -> bool:
    moments = (schedule.open_at, *schedule.reminders, schedule.submit_before)
    return (
        list(moments) == sorted(moments)
        and len(set(schedule.reminders)) == len(schedule.reminders)
        and schedule.submit_before == schedule.close_at <= schedule.report_at < schedule.report_before
    )


@given(PERIODS)
def test_any_month_is_in_order_and_bothers_nobody_on_a_day_off(period: Period) -> None:
    schedule = _schedule(period)
    assert _in_order(schedule)
    assert all(WORKED(moment.date()) for moment in (schedule.open_at, *schedule.reminders))
    range_ = [period.first_day.replace(day=day) for day in range(20, 25)]
    fallback = None if any(map(WORKED, range_)) else range_[0]
    assert WORKED(schedule.report_at.date()) or schedule.report_at.date() == fallback
    assert schedule.report_at.date() in range_
    later = range_[range_.index(schedule.report_at.date()) + 1 :]
    assert not any(map(WORKED, later))


@given(PERIODS, st.sampled_from(["keep", "previous", "next"]), st.sets(st.integers(1, 28), max_size=8), st.booleans())
def test_any_overrides_and_any_moving_leave_everything_in_order(
    period: Period, on_holiday: str, days: set[int], is_working: bool
) -> None:
    overrides = {period.first_day.replace(day=day): is_working for day in days}
    schedule = _schedule(period, on_holiday=on_holiday, overrides=overrides)
    assert _in_order(schedule)
    if on_holiday == "keep":
        assert (schedule.submit_before.day, schedule.report_before.day) == (20, 25)
    else:
        worked = _worked(overrides)
        assert worked(schedule.submit_before.date())


def _worked(overrides: dict[date, bool]) -> IsWorkingDay:
    return working_days(CalendarRules(cycles=(), overrides=overrides))


@pytest.mark.slow
@given(PERIODS, st.integers(0, 6))
def test_counting_working_days_back(period: Period, count: int) -> None:
    day = period.last_day
    found = working_days_before(day, count, WORKED)
    between = [day - timedelta(days=back) for back in range(1, (day - found).days + 1)]
    assert sum(map(WORKED, between)) == count
    assert count == 0 or WORKED(found)
