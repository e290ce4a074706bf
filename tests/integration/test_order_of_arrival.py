"""Which of a unit's files counts: the one that arrived last, by whatever way and in whatever batch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from support.months.steps import collect, counting, counting_version, lay, letters, stepping, take, workbook
from support.stores.disks import tick

from baocao.domain.planned.period import Period
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.store import receipts
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import receipt
from baocao.system.lease import expiry
from baocao.workspace.workspace import Workspace

FIRST, SECOND = (10, 100), (20, 100)
OCTOBER = Period(2022, 10)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with stepping(tmp_path / "home", monkeypatch) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x (sửa).xlsx", "x (1).xlsx", "a.xlsx", "z.xlsx"])
def test_the_correction_counts_whatever_its_name(workspace: Workspace, name: str) -> None:
    tick(lay(workspace, "SCT/x.xlsx", workbook(b1=FIRST)))
    lay(workspace, f"SCT/{name}", workbook(b1=SECOND))
    collect(workspace)
    assert counting(workspace) == SECOND
    first, second = letters(workspace, "answer/2022-10/SCT")
    assert "Số liệu được tính cho kỳ 10/2022 là của lần nộp 2 này." in second
    assert "là của lần nộp 2, nhận lúc" in first
    assert "Lần nộp đó đến sau tệp này." in first


def test_files_of_one_moment_go_by_path(workspace: Workspace) -> None:
    for name in ("b.xlsx", "a (1).xlsx", "a.xlsx"):
        lay(workspace, f"SCT/{name}", name.encode())
    moment = datetime(2022, 10, 18, 2, tzinfo=UTC)
    found = find_waiting(workspace.settings.inbox_folder, ["SCT"], moment, 0)
    same = [replace(one, arrived_at=moment) for one in reversed(found)]
    take_in_folder(workspace.engine, workspace.home, same, OCTOBER, moment, is_simulated=False)
    with reading(workspace.engine) as connection:
        names = {row.id: row.name for row in connection.execute(select(receipt.c.id, receipt.c.name))}
    waiting = [names[one] for one in receipts.waiting_ids(workspace.engine)]
    assert waiting == ["a.xlsx", "a (1).xlsx", "b.xlsx"]


@pytest.mark.slow
def test_what_arrived_first_never_beats_what_was_filed_before_it(workspace: Workspace) -> None:
    """The mail server was down: what came there in the morning is taken after the folder's file of noon."""
    lay(workspace, "SCT/moi.xlsx", workbook(b1=SECOND))
    collect(workspace)
    lay(workspace, "SCT/cu.xlsx", workbook(b1=FIRST))
    take(workspace)
    with writing(workspace.engine) as connection:
        (moment,) = connection.scalars(select(receipt.c.received_at).where(receipt.c.state == "taken"))
        earlier = moment - timedelta(hours=1)
        connection.execute(update(receipt).where(receipt.c.state == "taken").values(received_at=earlier))
    collect(workspace)
    assert (counting(workspace), counting_version(workspace)) == (SECOND, 1)
    (_, late) = letters(workspace, "answer/2022-10/SCT")
    assert "CHẤP NHẬN" in late
    assert "là của lần nộp 1, nhận lúc" in late


@pytest.mark.slow
def test_a_unit_s_next_file_waits_for_the_one_that_another_collector_holds(workspace: Workspace) -> None:
    tick(lay(workspace, "SCT/x.xlsx", workbook(b1=FIRST)))
    lay(workspace, "SCT/x (1).xlsx", workbook(b1=SECOND))
    take(workspace)
    first = receipts.waiting_ids(workspace.engine)[0]
    with writing(workspace.engine) as connection:
        held = {"held_by": "may-khac|1|1.00", "held_until": expiry()}
        connection.execute(update(receipt).where(receipt.c.id == first).values(held))
    assert receipts.waiting_ids(workspace.engine) == []
    with writing(workspace.engine) as connection:
        connection.execute(update(receipt).values(held_by=None, held_until=None))
    collect(workspace)
    assert counting(workspace) == SECOND
