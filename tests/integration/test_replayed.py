"""The simulated plan of the demo runs no flow that would find nothing to do."""

from support.stores.facts import OCTOBER, submit
from support.workbooks.content import clean_content

from baocao.domain.planned.job import Job
from baocao.oversight.agenda import events_of
from baocao.workspace.workspace import Workspace
from deployments.replay import _is_idle


def idle(workspace: Workspace) -> set[Job]:
    return {event.job for event in events_of(workspace.schedule(OCTOBER)) if _is_idle(workspace, event)}


def test_where_everything_is_in_nobody_is_reminded_or_named_and_where_nothing_waits_nothing_is_collected(
    workspace: Workspace,
) -> None:
    assert idle(workspace) == {Job.COLLECT}
    units = [unit.code for unit in workspace.plan.units]
    for unit in units[1:]:
        submit(workspace.engine, clean_content(unit=unit))
    assert idle(workspace) == {Job.COLLECT}
    submit(workspace.engine, clean_content(unit=units[0]))
    assert idle(workspace) == {Job.COLLECT, Job.REMIND, Job.ESCALATE}
    path = workspace.settings.inbox_folder / units[0] / "bao-cao.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert idle(workspace) == {Job.REMIND, Job.ESCALATE}
