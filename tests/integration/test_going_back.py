"""The same content again: of the version that counts a duplicate, of an earlier one the wish to go back to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from openpyxl import Workbook
from sqlalchemy import select, text
from support.months.steps import (
    FIGURES,
    collect,
    counting,
    counting_version,
    edited_workbook,
    lay,
    letters,
    stepping,
    workbook,
)
from support.stores.disks import tick

from baocao.decisions.overrides import override
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Verdict
from baocao.store.engine.database import connect, open_database, reading, writing
from baocao.store.engine.revisions import MIGRATIONS
from baocao.store.schema.reporting import receipt, submission
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

A, B = (10, 100), (20, 100)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with stepping(tmp_path / "home", monkeypatch) as made:
        yield made


def bad() -> bytes:
    def spoil(book: Workbook) -> None:
        from support.workbooks.samples import cell_of

        cell_of(book, FIGURES, "B1", "Tử số").value = 10**6

    return edited_workbook("SCT", "2022-10", spoil)


def send(workspace: Workspace, name: str, data: bytes, *, at_once: bool) -> None:
    path = lay(workspace, f"SCT/{name}.xlsx", data)
    if at_once:
        collect(workspace)
    else:
        tick(path)


def verdicts(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return list(connection.scalars(select(submission.c.verdict).order_by(submission.c.version)))


def states(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return list(connection.scalars(select(receipt.c.state).order_by(receipt.c.id)))


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [True, False], ids=["one by one", "in one batch"])
def test_going_back_is_a_new_version(workspace: Workspace, at_once: bool) -> None:
    for number, figures in enumerate((A, B, A, A)):
        send(workspace, f"{number}", workbook(b1=figures), at_once=at_once)
    collect(workspace)
    assert states(workspace) == ["checked", "checked", "checked", "duplicate"]
    assert (counting(workspace), counting_version(workspace)) == (A, 3)
    assert "Số liệu được tính cho kỳ 10/2022 là của lần nộp 3 này." in letters(workspace, "answer/2022-10/SCT/v3")[0]
    (again,) = letters(workspace, "duplicate/2022-10/SCT")
    assert "giống hệt lần nộp 3" in again
    assert "là của lần nộp 3 này" in again


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [True, False], ids=["one by one", "in one batch"])
def test_what_was_returned_and_what_could_not_be_read_stand_in_nobody_s_way(
    workspace: Workspace, at_once: bool
) -> None:
    spoilt, good = bad(), workbook(b1=A)
    for number, data in enumerate((spoilt, spoilt, good, b"khong phai bang tinh", good, spoilt)):
        send(workspace, f"{number}", data, at_once=at_once)
    collect(workspace)
    assert states(workspace) == ["checked", "duplicate", "checked", "checked", "duplicate", "checked"]
    assert verdicts(workspace) == ["rejected", "accepted", "unreadable", "rejected"]
    assert counting_version(workspace) == 2
    (last,) = letters(workspace, "answer/2022-10/SCT/v4")
    assert "là của lần nộp 2, nhận lúc" in last


@pytest.mark.slow
def test_what_a_person_rejected_is_not_made_to_count_by_sending_it_again(workspace: Workspace) -> None:
    for number, figures in enumerate((A, B)):
        send(workspace, f"{number}", workbook(b1=figures), at_once=True)
    clock = Clock(datetime(2022, 10, 18, 3, tzinfo=UTC), is_simulated=True)
    override(workspace, "SCT", Period(2022, 10), 2, Verdict.REJECTED, sign("An", "Sai nguồn", clock))
    send(workspace, "2", workbook(b1=B), at_once=True)
    assert states(workspace) == ["checked", "checked", "duplicate"]
    assert counting(workspace) == A
    (again,) = letters(workspace, "duplicate/2022-10/SCT")
    assert "trả lại" in again
    assert "là của lần nộp 1, nhận lúc" in again


def test_versions_of_an_old_home_stay_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Whatever their clocks said: what was published before the upgrade stays so."""
    url = f"sqlite:///{tmp_path / 'cu.db'}"
    engine = connect(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for number, hour in enumerate((10, 9, 11, 8), start=1):
            moment = datetime(2022, 10, 18, hour)
            connection.execute(
                text(
                    "INSERT INTO receipt (id, source, source_ref, period, name, sha256, size, received_at, state, note)"
                    " VALUES (:id, 'folder', :id, '2022-10', 'a', '0', 1, :at, 'checked', '')"
                ),
                {"id": number, "at": str(moment)},
            )
            connection.execute(
                text(
                    "INSERT INTO submission (id, receipt_id, unit, form, period, version, verdict, timeliness,"
                    " received_at, submit_before, critical, warnings, info) VALUES (:id, :id, 'SCT', 'thang',"
                    " '2022-10', :id, 'accepted', 'on_time', :at, :at, 0, 0, '{}')"
                ),
                {"id": number, "at": str(moment)},
            )
    engine.dispose()
    engine = open_database(url, "p", datetime.now(UTC))
    with reading(engine) as connection:
        rows = connection.execute(select(submission.c.version, submission.c.arrival)).all()
    engine.dispose()
    assert [version for version, _ in sorted(rows, key=lambda row: row.arrival)] == [1, 2, 3, 4]
