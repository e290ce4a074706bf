"""A plan changed in mid-course: what contradicts a reported period is refused, names are kept with it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from support import ROOT
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at

from baocao.domain.reported.report import Report
from baocao.reporting.preparation import prepare_report
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.store.schema.reporting import frozen_plan, submission
from baocao.system.errors import UsageError
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace

Opened = Callable[[], Workspace]
CHANGES = {
    "target": ("indicators.yaml", "target_pct: 60", "target_pct: 50", "mục tiêu của A3 đổi từ 60% thành 50%"),
    "removed": ("plan.yaml", "  - code: SNV\n", "  - code: SNVX\n", "đơn vị SNV (Sở Nội vụ) không còn"),
    "added": ("plan.yaml", "  - code: SNV\n", "  - code: SNVX\n", "đơn vị SNVX (Sở Nội vụ) mới thêm"),
    "renamed": ("plan.yaml", "name: Sở Nội vụ", "name: Sở Nội chính", "đổi tên từ “Sở Nội vụ” thành “Sở Nội chính”"),
}
FREE = {
    "address": ("plan.yaml", "giamdoc.soct@ninhbinh.example", "vanthu.soct@ninhbinh.example"),
    "name of an indicator": ("indicators.yaml", "name_short: Công chức được gắn định danh số", "name_short: Định danh"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "plans" / "ninh-binh-2022", tmp_path / "ke-hoach"))


@pytest.fixture
def opened(tmp_path: Path, database_url: str, folder: Path) -> Iterator[Opened]:
    made: list[Workspace] = []

    def one() -> Workspace:
        settings = load_settings(home=tmp_path / "home", plan=folder, database_url=database_url, _env_file=None)
        made.append(Workspace(settings))
        return made[-1]

    yield one
    for workspace in made:
        if "engine" in vars(workspace):
            workspace.engine.dispose()


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def publish(workspace: Workspace) -> Report:
    submit(workspace.engine)
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False)
    assert prepared.record
    with writing(workspace.engine) as connection:
        assert reports.publish(connection, prepared.record, prepared.report.figures, prepared.record.made_at)
    assert isinstance(prepared.report, Report)
    return prepared.report


@pytest.mark.slow
def test_a_plan_that_contradicts_a_reported_period_is_refused(opened: Opened, folder: Path) -> None:
    publish(opened())
    for name, old, new, told in CHANGES.values():
        edit(folder, name, old, new)
        with pytest.raises(UsageError, match="10/2022") as refused:
            _ = opened().engine
        assert told in str(refused.value)
        assert "đặt lại giá trị cũ" in str(refused.value)
        edit(folder, name, new, old)
        assert opened().engine


@pytest.mark.slow
def test_texts_and_addresses_may_change_and_the_reported_period_keeps_its_own(opened: Opened, folder: Path) -> None:
    published = publish(opened())
    for change in FREE.values():
        edit(folder, *change)
        workspace = opened()
        again = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-25T08:00"), is_draft=False)
        assert again.report == published


def test_before_the_first_report_a_plan_may_change(opened: Opened, folder: Path) -> None:
    submit(opened().engine)
    edit(folder, *CHANGES["target"][:3])
    assert opened().engine


@pytest.mark.slow
@pytest.mark.parametrize("change", ["target", "removed"])
def test_a_home_that_was_reported_before_shapes_were_kept(opened: Opened, folder: Path, change: str) -> None:
    first = opened()
    publish(first)
    with writing(first.engine) as connection:
        connection.execute(delete(frozen_plan))
        if change == "removed":
            connection.execute(submission.update().values(unit="SNV"))
    name, old, new, told = CHANGES[change]
    edit(folder, name, old, new)
    with pytest.raises(UsageError) as refused:
        _ = opened().engine
    assert told.replace(" (Sở Nội vụ)", " (SNV)") in str(refused.value)
    edit(folder, name, new, old)
    assert opened().engine
    edit(folder, *CHANGES["renamed"][:3])
    with pytest.raises(UsageError, match="đổi tên"):
        _ = opened().engine
