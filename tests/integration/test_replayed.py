"""The simulated plan of the demo runs no flow that would find nothing to do, and builds its site once."""

from pathlib import Path

import pytest
from support.reports.site import clock
from support.stores.facts import OCTOBER, submit
from support.stores.houses import lived_in
from support.workbooks.content import clean_content

from baocao.domain.planned.job import Job
from baocao.oversight.agenda import events_of
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from deployments.replay import _is_idle
from tasks.site import built_once, rebuild_site


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
    collection = next(one for one in events_of(workspace.schedule(OCTOBER)) if one.job is Job.COLLECT)
    assert _is_idle(workspace, collection, has_come=False)


def test_many_runs_build_the_site_once_at_their_end_as_the_last_would_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "site" / "index.html"
    with lived_in(Settings(home=tmp_path), monkeypatch):
        with built_once():
            assert [rebuild_site.fn(clock(2022, 10, day)) for day in (19, 20)] == ["", ""]
            assert not page.exists()
        built = page.read_bytes()
        assert rebuild_site.fn(clock(2022, 10, 20)) == str(page)
        assert page.read_bytes() == built
        page.unlink()
        with built_once():
            pass
        assert not page.exists()
