"""Filing a batch of real workbooks: each file where it belongs, and none at the cost of the others."""

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from support.stores.houses import clock_at, house
from support.workbooks.samples import cell_of, filled_workbook

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Checked, Receipt, ReceiptState, Timeliness, UnitState, Verdict
from baocao.domain.reported.history import History
from baocao.intake.filing.batch import FiledRound, Read, Sorted
from baocao.intake.filing.filing import file_batch, key_of, sort_batch
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.isolation.pools import lent_pool
from baocao.oversight.status import period_status
from baocao.store import receipts
from baocao.store.archive import archive_path
from baocao.store.contents import standings_of
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import receipt
from baocao.store.submissions import findings_of, of_period
from baocao.workbook.reading.reader import refused
from baocao.workbook.rules import FILE_UNSAFE
from baocao.workspace.workspace import Workspace
from expectations import check_batch

OCTOBER, NOVEMBER = Period(2022, 10), Period(2022, 11)
IN_TIME, LATE = "2022-10-19T17:00", "2022-10-20T00:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", "")


@pytest.fixture
def any_workspace(tmp_path: Path, database_url: str) -> Workspace:
    """On each kind of database in turn."""
    return house(tmp_path / "home", database_url)


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled workbooks, made once: ``SCT.xlsx`` and others, clean; and some that say something wrong of themselves."""
    folder = tmp_path_factory.mktemp("bieu")
    for unit in ("STTTT", "SCT", "SNV"):
        shutil.move(filled_workbook(folder, unit), folder / f"{unit}.xlsx")
    info = "Thông tin"
    for name, label, value in (
        ("sai-don-vi", "Mã đơn vị", "STTTT"),
        ("sai-ky", "Kỳ báo cáo", "09/2022"),
        ("thang-11", "Kỳ báo cáo", "11/2022"),
        ("bieu-la", "Mã biểu mẫu", "BC-QUY/1"),
        ("khong-ky", "Kỳ báo cáo", None),
    ):
        made = filled_workbook(folder, "SNV", edit=lambda book: setattr(cell_of(book, info, "", label), "value", value))  # noqa: B023
        shutil.move(made, folder / f"{name}.xlsx")
    (folder / "khong-phai-bang-tinh.xlsx").write_bytes(b"khong phai bang tinh")
    return folder


def lay(workspace: Workspace, source: Path, place: str) -> None:
    target = workspace.settings.inbox_folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def read_waiting(workspace: Workspace, moment: str, period: Period) -> list[Read]:
    """Take in what waits, claim it and read it."""
    clock = clock_at(workspace, moment)
    found = find_waiting(workspace.settings.inbox_folder, workspace.plan.unit_by_code, clock.now, 0)
    take_in_folder(workspace.engine, workspace.home, found, period, clock.now, is_simulated=True)
    claimed = receipts.claim(workspace.engine, receipts.waiting_ids(workspace.engine))
    with lent_pool(workspace.plan) as pool:
        contents = list(pool.read_all([archive_path(workspace.home, one.sha256, one.name) for one in claimed]))
    return [Read(one, content) for one, content in zip(claimed, contents, strict=True)]


def in_order(workspace: Workspace, batch: list[Read], periods: Collection[Period]) -> Sorted:
    with reading(workspace.engine) as connection:
        known = standings_of(connection, {key_of(workspace, one) for one in batch})
    return sort_batch(workspace, batch, known, periods)


def judged(batch: Sorted) -> list[Checked]:
    """The verdicts of reading alone; the rules have their own tests, and take their time."""
    return [Checked(one.content, one.content.findings) for one in batch.to_check]


def file(workspace: Workspace, batch: Sorted, checked: list[Checked] | None = None) -> FiledRound:
    with writing(workspace.engine) as connection:
        return file_batch(connection, workspace, batch, judged(batch) if checked is None else checked)


def collect(workspace: Workspace, moment: str = IN_TIME, period: Period = OCTOBER) -> FiledRound:
    return file(workspace, in_order(workspace, read_waiting(workspace, moment, period), [period]))


def states(workspace: Workspace) -> dict[str, tuple[str, str]]:
    with reading(workspace.engine) as connection:
        rows = connection.execute(select(receipt.c.name, receipt.c.state, receipt.c.note).order_by(receipt.c.id))
        return {row.name: (row.state, row.note) for row in rows}


def quarantined(workspace: Workspace) -> dict[str, str]:
    """What lies in the quarantine: the sender's file name -> the note."""
    folder = workspace.home / "quarantine"
    notes = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ghi-chu.txt"))]
    assert len(list(folder.iterdir())) == 2 * len(notes)
    return {note.splitlines()[0]: note.splitlines()[1] for note in notes}


@pytest.mark.slow
def test_each_file_of_a_batch_goes_where_it_belongs(any_workspace: Workspace, workbooks: Path) -> None:
    workspace = any_workspace
    lay(workspace, workbooks / "SCT.xlsx", "SCT/a sach.xlsx")
    lay(workspace, workbooks / "SCT.xlsx", "SCT/b trung.xlsx")
    lay(workspace, workbooks / "sai-don-vi.xlsx", "SNV/c sai don vi.xlsx")
    lay(workspace, workbooks / "sai-ky.xlsx", "SNV/d sai ky.xlsx")
    lay(workspace, workbooks / "khong-phai-bang-tinh.xlsx", "SNV/e hong.xlsx")
    lay(workspace, workbooks / "bieu-la.xlsx", "SNV/f bieu la.xlsx")
    lay(workspace, workbooks / "SNV.xlsx", "g cua ai.xlsx")
    lay(workspace, workbooks / "STTTT.xlsx", "STTTT/h sach.xlsx")
    batch = in_order(workspace, read_waiting(workspace, IN_TIME, OCTOBER), [OCTOBER])
    checked = check_batch(workspace.plan, [one.content for one in batch.to_check], History())
    outcome = file(workspace, batch, checked)

    assert [(one.unit, one.version, one.verdict) for one, _ in outcome.submissions] == [
        ("SCT", 1, Verdict.ACCEPTED),
        ("SNV", 1, Verdict.UNREADABLE),
        ("SNV", 2, Verdict.REJECTED),
        ("STTTT", 1, Verdict.ACCEPTED),
    ]
    assert [(one.name, original and original.id) for one, original in outcome.duplicates] == [
        ("b trung.xlsx", outcome.submissions[0][0].id)
    ]
    assert {one.receipt.name for one in outcome.quarantined} == {"c sai don vi.xlsx", "d sai ky.xlsx", "g cua ai.xlsx"}
    found = states(workspace)
    assert {name: state for name, (state, _) in found.items()} == {
        "a sach.xlsx": "checked",
        "b trung.xlsx": "duplicate",
        "c sai don vi.xlsx": "quarantined",
        "d sai ky.xlsx": "quarantined",
        "e hong.xlsx": "checked",
        "f bieu la.xlsx": "checked",
        "g cua ai.xlsx": "quarantined",
        "h sach.xlsx": "checked",
    }
    notes = quarantined(workspace)
    assert notes == {name: note for name, (state, note) in found.items() if state == "quarantined"}
    assert "STTTT" in notes["c sai don vi.xlsx"]
    assert "09/2022" in notes["d sai ky.xlsx"]
    assert "không nằm trong thư mục của đơn vị nào" in notes["g cua ai.xlsx"]
    assert receipts.waiting_ids(workspace.engine) == []
    assert not [path for path in workspace.settings.inbox_folder.rglob("*") if path.is_file()]


def test_a_quarantined_file_is_laid_aside_byte_by_byte(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "sai-don-vi.xlsx", "SNV/báo cáo.xlsx")
    collect(workspace)
    (copy,) = (workspace.home / "quarantine").glob("*.xlsx")
    assert copy.read_bytes() == (workbooks / "sai-don-vi.xlsx").read_bytes()
    assert copy.name.endswith("-báo_cáo.xlsx")
    clock = clock_at(workspace, IN_TIME)
    units = {unit.unit: unit.state for unit in period_status(workspace, OCTOBER, clock).units}
    assert units == {"STTTT": UnitState.MISSING, "SCT": UnitState.MISSING, "SNV": UnitState.QUARANTINED}


def test_an_unreadable_file_is_a_submission_of_its_folder_s_unit(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "khong-phai-bang-tinh.xlsx", "SNV/a.xlsx")
    collect(workspace, LATE)
    with reading(workspace.engine) as connection:
        (one,) = of_period(connection, OCTOBER)
        (finding,) = findings_of(connection, [one.id])[one.id]
    assert (one.unit, one.form, one.period, one.critical) == ("SNV", "thang", OCTOBER, 1)
    assert (one.verdict, one.timeliness, finding.rule) == (Verdict.UNREADABLE, Timeliness.LATE, "file_unreadable")


def test_what_could_not_be_read_is_read_again_when_it_comes_again(any_workspace: Workspace, workbooks: Path) -> None:
    """The first reader ran out of time under load."""
    workspace = any_workspace
    lay(workspace, workbooks / "SNV.xlsx", "SNV/a.xlsx")
    (first,) = read_waiting(workspace, IN_TIME, OCTOBER)
    too_slow = replace(first, content=refused(FILE_UNSAFE.at(reason="đọc quá lâu")))
    file(workspace, in_order(workspace, [too_slow], [OCTOBER]))
    lay(workspace, workbooks / "SNV.xlsx", "SNV/gui-lai.xlsx")
    outcome = collect(workspace)
    assert [(one.version, one.verdict) for one, _ in outcome.submissions] == [(2, Verdict.ACCEPTED)]
    lay(workspace, workbooks / "SNV.xlsx", "SNV/lan-ba.xlsx")
    ((_, original),) = collect(workspace).duplicates
    assert original is not None
    assert original.version == 2


def test_twice_the_same_unreadable_file_is_read_twice_in_one_batch_as_in_two(
    workspace: Workspace, workbooks: Path
) -> None:
    for name in ("a", "b"):
        lay(workspace, workbooks / "khong-phai-bang-tinh.xlsx", f"SNV/{name}.xlsx")
    outcome = collect(workspace)
    assert [(one.version, one.verdict) for one, _ in outcome.submissions] == [
        (1, Verdict.UNREADABLE),
        (2, Verdict.UNREADABLE),
    ]
    assert outcome.duplicates == ()


@pytest.mark.parametrize(("name", "rule"), [("bieu-la", "form_unknown"), ("khong-ky", "period_mismatch")])
def test_a_file_that_does_not_say_what_it_is(workspace: Workspace, workbooks: Path, name: str, rule: str) -> None:
    lay(workspace, workbooks / f"{name}.xlsx", "SNV/a.xlsx")
    lay(workspace, workbooks / "SCT.xlsx", "SCT/a.xlsx")
    outcome = collect(workspace)
    rules = {finding.rule for _, filed in outcome.submissions for finding in filed.checked.findings}
    is_held = rule == "period_mismatch"
    assert bool(outcome.quarantined) is is_held
    assert (rule in rules) is not is_held
    assert ("SCT", Verdict.ACCEPTED) in [(one.unit, one.verdict) for one, _ in outcome.submissions]


def test_the_last_moment_is_on_time_and_midnight_is_late(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "SCT.xlsx", "SCT/a.xlsx")
    ((in_time, _),) = collect(workspace, "2022-10-19T23:59:59.999999").submissions
    lay(workspace, workbooks / "SNV.xlsx", "SNV/a.xlsx")
    ((late, _),) = collect(workspace, LATE).submissions
    assert (in_time.timeliness, late.timeliness) == (Timeliness.ON_TIME, Timeliness.LATE)
    assert in_time.submit_before == late.submit_before == workspace.schedule(OCTOBER).submit_before


def test_a_file_for_another_period_that_is_collected_too_is_welcome(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "thang-11.xlsx", "SNV/a.xlsx")
    batch = read_waiting(workspace, IN_TIME, OCTOBER)
    ((one, _),) = file(workspace, in_order(workspace, batch, [OCTOBER, NOVEMBER])).submissions
    assert one.period == NOVEMBER


def test_filing_again_after_a_rollback_leaves_one_of_everything(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "SCT.xlsx", "SCT/a.xlsx")
    lay(workspace, workbooks / "sai-ky.xlsx", "SNV/b.xlsx")
    batch = in_order(workspace, read_waiting(workspace, IN_TIME, OCTOBER), [OCTOBER])

    def fail() -> None:
        with writing(workspace.engine) as connection:
            file_batch(connection, workspace, batch, judged(batch))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(workspace.engine) as connection:
        assert of_period(connection, OCTOBER) == []
    assert {state for state, _ in states(workspace).values()} == {"taken"}
    assert len(file(workspace, batch).submissions) == 1
    assert set(quarantined(workspace)) == {"b.xlsx"}
    again = file(workspace, batch)
    assert again == FiledRound()
    with reading(workspace.engine) as connection:
        assert len(of_period(connection, OCTOBER)) == 1


def test_files_settled_by_another_meanwhile_are_left_out(workspace: Workspace, workbooks: Path) -> None:
    lay(workspace, workbooks / "SCT.xlsx", "SCT/a.xlsx")
    lay(workspace, workbooks / "STTTT.xlsx", "STTTT/b.xlsx")
    batch = in_order(workspace, read_waiting(workspace, IN_TIME, OCTOBER), [OCTOBER])
    theirs: Receipt = batch.to_check[0].receipt
    with writing(workspace.engine) as connection:
        receipts.settle(connection, [theirs.id], ReceiptState.QUARANTINED, "Cán bộ giữ lại.")
    assert [one.unit for one, _ in file(workspace, batch).submissions] == ["STTTT"]
    assert states(workspace)["a.xlsx"] == ("quarantined", "Cán bộ giữ lại.")
