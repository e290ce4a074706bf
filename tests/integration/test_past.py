"""A home whose database is gone, and published reports that a database does not know of."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.stores.facts import submit
from support.stores.houses import clock_at, house

from baocao.domain.planned.period import Period
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.reporting.prepared import Prepared
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import UsageError
from baocao.system.locks import held_if_free
from baocao.workspace.admission import begin
from baocao.workspace.workspace import Workspace

OCTOBER = Period(2022, 10)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = house(tmp_path / "home", "")
    submit(made.engine)
    return made


def published(workspace: Workspace) -> Prepared:
    clock = clock_at(workspace, "2022-10-24T08:00")
    prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    render_report(workspace, prepared)
    assert publish_report(workspace, prepared, clock)
    return prepared


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("trace", ["archive/ab/tep.xlsx", "reports/2022-10/v1/bao-cao.pdf", "outbox/thu.eml"])
def test_a_home_with_a_past_refuses_an_empty_database(tmp_path: Path, trace: str) -> None:
    path = tmp_path / "home" / trace
    path.parent.mkdir(parents=True)
    path.write_bytes(b"-")
    for url in ("", f"sqlite:///{tmp_path}/khac.db"):
        with pytest.raises(UsageError, match=r"cơ sở dữ liệu lại trống.*BAOCAO_DATABASE_URL.*restore"):
            _ = house(tmp_path / "home", url).engine
    assert list(tmp_path.rglob("*.db")) == []


def test_a_database_that_was_only_looked_at_has_no_past_and_one_that_was_begun_has(tmp_path: Path) -> None:
    home = tmp_path / "home"
    looked_at = house(home, "")
    looked_at.engine.dispose()
    (home / "outbox").mkdir()
    (home / "outbox" / "thu.eml").write_bytes(b"-")
    with pytest.raises(UsageError, match="lại trống"):
        _ = house(home, "").engine
    begin(looked_at, clock_at(looked_at, "2022-10-24T08:00"))  # as before a run that was killed in its first step
    looked_at.engine.dispose()
    house(home, "").engine.dispose()


@pytest.mark.slow
def test_a_run_that_another_one_overtook_leaves_the_published_folder_as_it_is(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-24T08:00")
    overtaken = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    first = published(workspace)
    before = files_of(first.folder)
    assert render_report(workspace, overtaken) == first.folder
    assert not publish_report(workspace, overtaken, clock)
    assert files_of(first.folder) == before


@pytest.mark.slow
def test_a_run_with_older_facts_does_not_write_over_the_files_of_newer_ones(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-24T08:00")
    overtaken = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    submit(workspace.engine)
    newer = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    before = files_of(render_report(workspace, newer))
    render_report(workspace, overtaken)
    assert files_of(newer.folder) == before
    assert not publish_report(workspace, overtaken, clock)
    assert publish_report(workspace, newer, clock)


@pytest.mark.slow
def test_one_run_at_a_time_writes_reports(workspace: Workspace) -> None:
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False)
    with ThreadPoolExecutor(1) as other, held_if_free(workspace.reports_lock) as is_held:
        waiting = other.submit(render_report, workspace, prepared)
        assert is_held
        with pytest.raises(TimeoutError):
            waiting.result(timeout=1.0)
        assert not prepared.folder.exists()
    assert waiting.result(timeout=60) == prepared.folder


@pytest.mark.slow
def test_a_published_folder_is_never_written_again(workspace: Workspace, tmp_path: Path) -> None:
    shutil.copyfile(_checkpointed(workspace), tmp_path / "truoc.db")
    first = published(workspace)
    before = files_of(first.folder)
    workspace.engine.dispose()

    older = house(workspace.home, f"sqlite:///{tmp_path}/truoc.db")
    again = prepare_report(older, OCTOBER, clock_at(older, "2022-10-25T08:00"), is_draft=False)
    assert (again.folder, again.is_published) == (first.folder, False)
    with pytest.raises(UsageError, match="đã phát hành mà cơ sở dữ liệu không biết"):
        render_report(older, again)
    assert files_of(first.folder) == before
    with reading(older.engine) as connection:
        assert list_messages(connection) == []


@pytest.mark.slow
def test_a_report_published_by_an_earlier_program_is_sealed_when_it_is_met(workspace: Workspace) -> None:
    first = published(workspace)
    seal = first.folder / ".da-phat-hanh"
    seal.unlink()
    render_report(
        workspace, prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-25T08:00"), is_draft=False)
    )
    assert seal.exists()


def _checkpointed(workspace: Workspace) -> Path:
    with workspace.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(workspace.engine.url.database or "")
