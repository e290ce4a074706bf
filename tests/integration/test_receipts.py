"""Received files on both databases: claimed under a lease by one living process, known again by their content."""

import os
import signal
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from support.stores.databases import Open
from support.stores.facts import OCTOBER, by_ref, take
from support.stores.processes import ids_told, start_together, worker

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import ReceiptState
from baocao.store import receipts
from baocao.store.accepted import facts
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import receipt
from baocao.system import lease


@pytest.mark.slow
def test_a_claim_is_exclusive_and_free_again_when_its_holder_is_killed(
    database_url: str, open_engine: Open, tmp_path: Path
) -> None:
    engine = open_engine()
    ids = [take(engine, f"{name}.xlsx").id for name in "abc"]
    with worker("claim", database_url, tmp_path) as holder:
        start_together(tmp_path, holder)
        assert ids_told(holder) == ids
        assert receipts.waiting_ids(engine) == []
        assert receipts.claim(engine, ids) == []
        behind = take(engine, "d.xlsx").id
        later = take(engine, "d.xlsx", unit="SNV").id
        nobodys = take(engine, "d.xlsx", unit=None).id
        assert receipts.waiting_ids(engine) == [later, nobodys]  # a unit's next file waits for the one before
        assert [one.id for one in receipts.claim(engine, [behind, later])] == [later]
        holder.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # dead, and not even buried
        assert [one.id for one in receipts.claim(engine, ids)] == ids
    assert holder.returncode == -signal.SIGKILL
    assert receipts.waiting_ids(engine) == [*ids, behind, later, nobodys]


@pytest.mark.slow
def test_two_living_processes_share_the_files_out(database_url: str, open_engine: Open, tmp_path: Path) -> None:
    engine = open_engine()
    ids = [take(engine, f"{number}.xlsx").id for number in range(40)]
    with worker("claim", database_url, tmp_path) as one, worker("claim", database_url, tmp_path) as other:
        start_together(tmp_path, one, other)
        mine, theirs = ids_told(one), ids_told(other)
        one.communicate("", timeout=60)
        other.communicate("", timeout=60)
    assert sorted(mine + theirs) == ids


def test_what_this_process_holds_it_gets_again(open_engine: Open) -> None:
    engine = open_engine()
    ids = [take(engine, "a.xlsx").id]
    for _ in range(2):
        assert [one.id for one in receipts.claim(engine, ids)] == ids
        assert receipts.waiting_ids(engine) == ids


@pytest.mark.parametrize(
    ("holder", "minutes", "is_free"),
    [
        ("may-khac|1|1.00", 1, False),
        ("may-khac|1|1.00", -1, True),
        (f"{socket.gethostname()}|{os.getpid()}|1.00", 1, True),  # its number was given to another process
        (f"{socket.gethostname()}|4194303|1.00", 1, True),
    ],
    ids=["another machine", "another machine, run out", "another process of this number", "no such process"],
)
def test_a_lease_runs_out_by_the_real_clock_or_with_its_process(
    open_engine: Open, holder: str, minutes: int, is_free: bool
) -> None:
    engine = open_engine()
    one = take(engine, "a.xlsx")
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    with writing(engine) as connection:
        connection.execute(update(receipt).values(held_by=holder, held_until=until))
    assert (receipts.waiting_ids(engine) == [one.id]) is is_free
    assert bool(receipts.claim(engine, [one.id])) is is_free


def test_a_claim_names_this_process_and_lasts_for_a_while(open_engine: Open) -> None:
    engine = open_engine()
    receipts.claim(engine, [take(engine, "a.xlsx").id])
    with reading(engine) as connection:
        held_by, until = connection.execute(select(receipt.c.held_by, receipt.c.held_until)).one()
    assert held_by == lease.this_process()
    assert timedelta(minutes=14) < until - datetime.now(UTC) <= lease.DURATION


def test_settled_files_are_never_claimed_again(open_engine: Open) -> None:
    engine = open_engine()
    one = take(engine, "a.xlsx")
    receipts.claim(engine, [one.id])
    with writing(engine) as connection:
        assert receipts.still_mine(connection, [one.id]) == {one.id}
        receipts.settle(connection, [one.id], ReceiptState.QUARANTINED, "Lý do.")
        assert receipts.still_mine(connection, [one.id]) == set()
    assert (receipts.waiting_ids(engine), receipts.claim(engine, [one.id])) == ([], [])
    with reading(engine) as connection:
        settled = by_ref(connection, "folder:SCT/a.xlsx")
        assert connection.scalars(select(receipt.c.held_by)).one() is None
    assert (settled.state, settled.note) == (ReceiptState.QUARANTINED, "Lý do.")


def test_a_receipt_is_recorded_once(open_engine: Open) -> None:
    engine = open_engine()
    first = take(engine, "a.xlsx", content="mot")
    assert take(engine, "a.xlsx", content="hai") == first  # the same file of the inbox, whatever is said of it now
    assert receipts.known_refs(engine, ["folder:SCT/a.xlsx", "folder:SCT/b.xlsx"]) == {"folder:SCT/a.xlsx"}
    assert receipts.known_refs(engine, []) == set()


def test_what_was_held_in_quarantine_may_come_again(open_engine: Open) -> None:
    engine = open_engine()
    early = take(engine, "a.xlsx", content="thang 11")
    with writing(engine) as connection:
        receipts.settle(connection, [early.id], ReceiptState.QUARANTINED, "Sai kỳ.")
    with reading(engine) as connection:
        assert facts.quarantined_units(connection, OCTOBER) == {"SCT"}
        assert facts.quarantined_units(connection, Period(2022, 11)) == set()
        assert [one.id for one in receipts.in_quarantine(connection)] == [early.id]
