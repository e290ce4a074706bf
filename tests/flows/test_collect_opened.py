"""A collection without a period takes in for every opened one; a wrong period is refused before anything is touched."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    TaskRunFilter,
    TaskRunFilterName,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from support.stores.processes import ids_told, start_together, worker
from support.workbooks import samples

from baocao.domain.planned.period import Period
from baocao.intake.sources import take_in_all
from baocao.oversight.status import period_status
from baocao.oversight.troubles import OpenTrouble, note_trouble, open_troubles
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace
from deployments.serving.schedules import job_schedules
from flows.catch_up import catch_up
from flows.collect import collect
from flows.jobs import FLOWS
from flows.support.taking_up import AGAIN, collect_again

pytestmark = pytest.mark.slow  # one month in test_month.py is the quick suite's


def lay(workspace: Workspace, unit: str, period: str) -> None:
    plan = samples.plan()
    path = workspace.settings.inbox_folder / unit / f"{period}.xlsx"
    samples.write_filled(path, plan, unit, period, samples.clean_filled(plan, unit, period))


def test_what_waits_for_any_opened_period_is_taken_in_by_one_run(workspace: Workspace) -> None:
    collect()  # before anything is laid: nothing to do is no fault, whatever is open
    for unit, period in (("SCT", "2022-09"), ("SNV", "2022-10"), ("STTTT", "2022-11")):
        lay(workspace, unit, period)
    note_trouble(workspace.home, OpenTrouble("", "thu-bao-cao", "2022-09", "đầy đĩa", "dọn"))
    collect(as_of=datetime(2022, 10, 18, 9))
    clock = Clock(workspace.local(datetime(2022, 10, 18, 10)), is_simulated=True)
    states = {
        (one.unit, str(period)): one.state
        for period in workspace.plan.periods
        for one in period_status(workspace, period, clock).units
    }
    assert states["SCT", "2022-09"] == states["SNV", "2022-10"] == "accepted"
    assert states["STTTT", "2022-11"] == "missing"  # early: kept until its month is collected
    assert open_troubles(workspace.home) == []


def test_a_catch_up_waits_for_what_another_run_is_collecting(
    workspace: Workspace, database_url: str, tmp_path: Path
) -> None:
    """Another process holds a unit's file until the catch-up waits for it; all that is due leans on that file."""
    lay(workspace, "SCT", "2022-09")
    clock = Clock(workspace.local(datetime(2022, 9, 18, 9)), is_simulated=True)
    take_in_all(workspace, Period(2022, 9), clock)
    with worker("claim", database_url, tmp_path) as holding, ThreadPoolExecutor(1) as other:
        start_together(tmp_path, holding)
        assert len(ids_told(holding)) == 1
        is_waited_for = other.submit(let_go_when_waited_for, holding)
        catch_up(as_of=clock.now)
        (state,) = (one.state for one in period_status(workspace, Period(2022, 9), clock).units if one.unit == "SCT")
        holding.kill()
    assert (state, is_waited_for.result()) == ("accepted", True)


def let_go_when_waited_for(holding: "subprocess.Popen[str]") -> bool:
    """End the worker once a run is choosing what to check, for it finds nothing and waits; False if it ends before."""
    with get_client(sync_client=True) as client:
        while holding.poll() is None:
            choosing = client.read_task_runs(
                task_run_filter=TaskRunFilter(
                    name=TaskRunFilterName(like_="Chọn tệp chờ kiểm tra"),
                    state=TaskRunFilterState(type=TaskRunFilterStateType(any_=[StateType.RUNNING])),
                )
            )
            if choosing:
                holding.communicate()
                return True
            time.sleep(0.1)
    return False


def test_schedules_collect_for_no_period_and_once_at_a_moment(workspace: Workspace) -> None:
    now = workspace.local(datetime(2022, 8, 1))
    for job, schedules in job_schedules(workspace, now).items():
        is_collection = FLOWS[job] is collect
        assert all(("period" in schedule.parameters) is not is_collection for schedule in schedules)
        moments = [m for one in schedules for m in str(one.rrule).partition("RDATE:")[2].split(",")]
        assert not is_collection or len(moments) == len(set(moments))


def test_a_lost_collection_is_begun_anew_once_unless_a_person_chose_its_moment() -> None:
    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(client.create_flow(collect), "thu-bao-cao-mau")
        by_itself = client.create_flow_run_from_deployment(deployment)
        by_hand = client.create_flow_run_from_deployment(deployment, parameters={"as_of": "2022-10-18T09:00:00+07:00"})
        for lost in (by_hand, by_itself):
            collect_again(collect, lost, None)
        runs = [one for one in client.read_flow_runs() if one.deployment_id == deployment]
        (again,) = (one for one in runs if one.id not in {by_itself.id, by_hand.id})
        assert (again.tags, again.parameters) == ([AGAIN], {})
        collect_again(collect, again, None)
        assert len([one for one in client.read_flow_runs() if one.deployment_id == deployment]) == len(runs)
        client.delete_deployment(deployment)
