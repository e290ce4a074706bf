"""An approver who does not answer is reminded by the daily catch-up as the day comes near, once a day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_factory import clock_at, house
from store_factory import OCTOBER

from baocao import approval
from baocao.agenda import due
from baocao.domain.job import Job
from baocao.reporting import prepare_report, render_report
from baocao.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Iterator[Workspace]:
    made = house(tmp_path / "home", database_url, approval="required")
    yield made
    made.engine.dispose()


def morning(workspace: Workspace, moment: str) -> list[str]:
    """What a catch-up does about October's report at this hour; the letters to the approver so far."""
    clock = clock_at(workspace, moment)
    if any(event.job is Job.REPORT and event.period == OCTOBER for event in due(workspace, clock)):
        prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
        if approval.is_waiting(workspace, prepared):
            render_report(prepared)
            approval.ask(workspace, prepared, clock)
    letters = sorted(workspace.outbox_folder.glob("approve~*.eml"), key=lambda path: path.name)
    return [path.stem.rpartition("~")[2] for path in letters]


def test_reminded_each_day_until_decided(workspace: Workspace) -> None:
    assert morning(workspace, "2022-10-21T08:00") == []  # the report is made on the 24th
    first = morning(workspace, "2022-10-24T08:00")
    assert first == ["nhac-2022-10-24"]
    assert morning(workspace, "2022-10-24T17:00") == first
    second = morning(workspace, "2022-10-25T07:30")
    assert second == [*first, "nhac-2022-10-25"]
    approval.refuse(workspace, OCTOBER, "Nguyễn Văn Mẫu", "xem lại", clock_at(workspace, "2022-10-25T09:00"))
    assert morning(workspace, "2022-10-26T07:30") == second


def test_a_report_made_early_is_put_forward_first_and_reminded_of_later(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-20T09:00")  # by hand, as soon as the period has closed
    prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    render_report(prepared)
    approval.ask(workspace, prepared, clock)
    (first,) = workspace.outbox_folder.glob("approve~*.eml")
    assert "nhac" not in first.name
    assert "nhac-2022-10-24" in morning(workspace, "2022-10-24T08:00")
    approval.approve(workspace, OCTOBER, "Nguyễn Văn Mẫu", clock_at(workspace, "2022-10-24T09:00"))
    assert len(morning(workspace, "2022-10-25T07:30")) == 2
