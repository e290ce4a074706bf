"""A task is called overdue by one rule everywhere, and never before its due date (report, site, rule on the form)."""

from datetime import date

import pytest
from support.stores.databases import Open
from support.stores.facts import submit
from support.workbooks.content import PLAN, clean_content, edited

from baocao.consolidation.tasks import report_tasks
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.site.units import UnitMonth, read_units
from baocao.store.accepted.facts import load_facts
from baocao.store.engine.database import reading
from expectations import check_batch

DECEMBER = Period(2022, 12)
CODE = "III.2.2"


def december(due: date | None, cutoff: date = date(2022, 12, 18)) -> Content:
    content = clean_content(period=DECEMBER, cutoff=cutoff)
    return edited(content, "tasks", CODE, due_date=due)


CASES = [
    (date(2022, 12, 30), date(2022, 12, 18), False),  # due in the period, after its cut-off
    (date(2022, 12, 18), date(2022, 12, 18), False),  # the due day itself is still in time
    (date(2022, 12, 17), date(2022, 12, 18), True),
    (date(2022, 12, 15), date(2022, 12, 14), False),  # the unit speaks of the 14th only
    (date(2022, 12, 22), date(2022, 12, 26), False),  # a cut-off after the deadline: the month is judged, no later day
    (date(2022, 12, 18), date(2022, 12, 31), True),
    (date(2022, 11, 30), date(2022, 12, 18), True),
]


@pytest.mark.slow
def test_report_site_and_rule_call_the_same_tasks_overdue(open_engine: Open) -> None:
    engine = open_engine()
    contents = [december(due, cutoff) for due, cutoff, _ in CASES]
    found = [
        CODE in {one.code for one in checked.findings if one.rule == "task_overdue"}
        for checked in check_batch(PLAN, contents, History())
    ]
    assert found == [overdue for _, _, overdue in CASES]
    for content, (_, _, overdue) in zip(contents, CASES, strict=True):
        submit(engine, content)
        with reading(engine) as connection:
            facts = load_facts(connection, PLAN, DECEMBER)
            site = read_units(connection, PLAN, DECEMBER, ["SCT"]).tasks[UnitMonth("SCT", DECEMBER)]
        report = report_tasks(PLAN, facts.frames["tasks"], DECEMBER, facts.due_dates)
        assert [task.is_overdue for task in report if task.code == CODE] == [overdue]
        assert [task.is_overdue for task in site if task.code == CODE] == [overdue]


def test_a_due_date_left_empty_is_the_assigned_one_everywhere(open_engine: Open) -> None:
    engine = open_engine()
    planned = clean_content(form="phan-cong", period=Period(2022, 8), cutoff=date(2022, 8, 18))
    submit(engine, edited(planned, "assignments", CODE, due_date=date(2022, 12, 1)))
    submit(engine, december(None))
    with reading(engine) as connection:
        facts = load_facts(connection, PLAN, DECEMBER)
        site = read_units(connection, PLAN, DECEMBER, ["SCT"]).tasks[UnitMonth("SCT", DECEMBER)]
    report = report_tasks(PLAN, facts.frames["tasks"], DECEMBER, facts.due_dates)
    for tasks in (report, site):
        (one,) = (task for task in tasks if task.code == CODE)
        assert (one.due_date, one.is_overdue) == (date(2022, 12, 1), True)
