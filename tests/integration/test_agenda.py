"""What is due when: the calendar's jobs in order, and of them only what is not done, on a real database."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.stores.facts import submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.domain.planned.collecting import collection_times, next_collection
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import due, events_of
from baocao.reminders.reminders import escalate, remind, send_forms
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.admission import admit, begin
from baocao.workspace.workspace import Workspace

AUGUST, SEPTEMBER, JANUARY = Period(2022, 8), Period(2022, 9), Period(2023, 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", "")


def due_at(workspace: Workspace, moment: str) -> list[tuple[str, str, int]]:
    return [(event.job.value, str(event.period), event.number) for event in due(workspace, clock_at(workspace, moment))]


def publish(workspace: Workspace, period: Period) -> None:
    """The report of a period as published, without its files."""
    with writing(workspace.engine) as connection:
        form = workspace.plan.cycle(period).form
        record = reports.prepare(connection, form, period, "a", datetime.fromisoformat("2022-09-01T08:00+07:00"))
        reports.publish(connection, record, [], record.made_at)


def test_the_jobs_of_a_month_in_order(workspace: Workspace) -> None:
    events = events_of(workspace.schedule(SEPTEMBER))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert Counter(event.job for event in events) == {
        Job.SEND_TEMPLATES: 1,
        Job.COLLECT: 26 * 4 - 1 + (48 + 1 + 6 - 8) + 1,  # 26 days; hourly, beside the eight that are daily; after it
        Job.REMIND: 2,
        Job.ESCALATE: 1,
        Job.REPORT: 1,
    }
    assert [event.number for event in events if event.job is Job.REMIND] == [1, 2]
    close = workspace.schedule(SEPTEMBER).close_at
    assert [event.job for event in events if event.at == close] == [Job.COLLECT, Job.ESCALATE]
    report_at = workspace.schedule(SEPTEMBER).report_at
    assert [event.job for event in events if event.at == report_at] == [Job.COLLECT, Job.REPORT]


def test_what_waits_is_taken_in_on_days_off_hourly_at_the_end_at_the_close_and_after_it(workspace: Workspace) -> None:
    schedule = workspace.schedule(JANUARY)  # the deadline, Friday the 20th, is the first day of Tết
    times, close = collection_times(schedule), schedule.close_at
    assert {moment.day for moment in times} == set(range(schedule.open_at.day, 32))
    last_days = [moment for moment in times if close - timedelta(days=2) <= moment <= close]
    assert [later - one for one, later in pairwise(last_days)] == [timedelta(hours=1)] * 48
    assert close + timedelta(minutes=10) in times
    for now, at in (
        ("2023-01-15T14:00", "2023-01-15T17:00"),  # a Sunday
        ("2023-01-15T18:00", "2023-01-16T07:30"),
        ("2023-01-19T20:30", "2023-01-19T21:00"),
        ("2023-02-01T09:00", "2023-02-02T07:30"),  # the month is over: the daily catch-up takes it in
    ):
        assert next_collection(schedule, clock_at(workspace, now).now) == clock_at(workspace, at).now


def test_a_period_that_closes_in_a_later_month_is_collected_every_day_until_then(workspace: Workspace) -> None:
    january = workspace.schedule(JANUARY)
    later = replace(january, close_at=january.close_at + timedelta(days=28))
    first, last = later.open_at.date(), later.close_at.date()
    every_day = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    assert {moment.date() for moment in collection_times(later)} == every_day


@pytest.mark.slow
def test_a_period_from_its_opening_to_its_report(workspace: Workspace) -> None:
    assert due_at(workspace, "2022-08-01T07:59:59") == []
    assert due_at(workspace, "2022-08-01T08:00") == [("send_templates", "2022-08", 0)]
    assert send_forms(workspace, AUGUST, clock_at(workspace, "2022-08-01T08:00")) == 3
    assert due_at(workspace, "2022-08-22T07:59") == []

    assert due_at(workspace, "2022-08-22T08:00") == [("remind", "2022-08", 1)]
    submit(workspace.engine, clean_content(unit="SCT", form="phan-cong", period=AUGUST))
    assert remind(workspace, AUGUST, clock_at(workspace, "2022-08-22T08:00")) == 2
    assert due_at(workspace, "2022-08-25T08:00") == []
    assert due_at(workspace, "2022-08-26T08:00") == [("remind", "2022-08", 2)]

    assert due_at(workspace, "2022-08-30T00:00") == [("escalate", "2022-08", 0)]
    assert escalate(workspace, AUGUST, clock_at(workspace, "2022-08-30T00:00"))
    assert due_at(workspace, "2022-08-30T07:59") == []
    assert due_at(workspace, "2022-08-30T08:00") == [("report", "2022-08", 0)]
    publish(workspace, AUGUST)
    assert due_at(workspace, "2022-08-31T23:00") == []


@pytest.mark.slow
def test_when_everything_is_in_nobody_is_reminded_or_reported(workspace: Workspace) -> None:
    send_forms(workspace, AUGUST, clock_at(workspace, "2022-08-01T08:00"))
    for unit in workspace.plan.unit_by_code:
        submit(workspace.engine, clean_content(unit=unit, form="phan-cong", period=AUGUST))
    assert due_at(workspace, "2022-08-26T08:00") == []
    assert due_at(workspace, "2022-08-30T00:00") == []


def test_a_missed_reminder_is_not_caught_up_once_the_next_is_due(workspace: Workspace) -> None:
    send_forms(workspace, AUGUST, clock_at(workspace, "2022-08-01T08:00"))
    assert due_at(workspace, "2022-08-29T10:00") == [("remind", "2022-08", 2)]


def test_after_the_close_only_reports_are_caught_up_in_order(workspace: Workspace) -> None:
    begin(workspace, clock_at(workspace, "2022-08-01T08:00"))
    found = due_at(workspace, "2022-10-25T09:00")
    assert found == [("report", "2022-08", 0), ("report", "2022-09", 0), ("report", "2022-10", 0)]
    publish(workspace, SEPTEMBER)
    assert due_at(workspace, "2022-10-25T09:00") == [("report", "2022-08", 0), ("report", "2022-10", 0)]


def test_two_periods_at_once_in_order_of_time(workspace: Workspace) -> None:
    begin(workspace, clock_at(workspace, "2022-08-29T23:59:59"))
    assert due_at(workspace, "2022-09-05T08:00") == [("report", "2022-08", 0), ("send_templates", "2022-09", 0)]


def test_periods_that_closed_before_a_home_began_are_not_caught_up_unless_something_came(workspace: Workspace) -> None:
    assert due_at(workspace, "2023-03-31T23:00") == []
    begin(workspace, clock_at(workspace, "2022-10-25T09:00"))
    assert due_at(workspace, "2022-11-30T23:00") == [("report", "2022-11", 0)]
    submit(workspace.engine, clean_content(period=SEPTEMBER))
    assert due_at(workspace, "2022-11-30T23:00") == [("report", "2022-09", 0), ("report", "2022-11", 0)]
    begin(workspace, clock_at(workspace, "2022-10-19T17:00"))  # it turns out that the home is older
    assert [period for _, period, _ in due_at(workspace, "2022-10-26T08:00")] == ["2022-09", "2022-10"]
    begin(workspace, clock_at(workspace, "2023-01-01T08:00"))  # and never younger
    assert [period for _, period, _ in due_at(workspace, "2022-10-26T08:00")] == ["2022-09", "2022-10"]


OCTOBER_DAYS = {
    "before": "2022-10-03T07:59:59",
    "open": "2022-10-03T08:00",
    "reminded": "2022-10-12T08:00",
    "closed": "2022-10-20T00:00",
}
ADMITTED = {
    Job.SEND_TEMPLATES: ("open", "reminded", "closed"),
    Job.COLLECT: ("open", "reminded", "closed"),
    Job.REMIND: ("reminded",),
    Job.ESCALATE: ("closed",),
    Job.REPORT: ("closed",),
}


@pytest.mark.parametrize("job", Job)
def test_a_job_is_let_in_only_for_a_period_of_the_plan_in_its_time(workspace: Workspace, job: Job) -> None:
    for name, moment in OCTOBER_DAYS.items():
        clock = clock_at(workspace, moment)
        if name in ADMITTED[job]:
            assert admit(workspace, job, "2022-10", clock) == Period(2022, 10)
        else:
            with pytest.raises(NotDueError, match="Kỳ 10/2022"):
                admit(workspace, job, "2022-10", clock)
    for unknown in ("2022-07", "2032-10", "0001-01", "tháng mười", ""):
        with pytest.raises(UsageError, match="kỳ "):
            admit(workspace, job, unknown, clock_at(workspace, OCTOBER_DAYS["closed"]))


def test_a_draft_is_made_of_an_open_period_and_of_no_later_one(workspace: Workspace) -> None:
    draft = {"is_draft": True}
    assert admit(workspace, Job.REPORT, "2022-10", clock_at(workspace, OCTOBER_DAYS["open"]), **draft)
    with pytest.raises(NotDueError, match="chưa mở"):
        admit(workspace, Job.REPORT, "2022-10", clock_at(workspace, OCTOBER_DAYS["before"]), **draft)
