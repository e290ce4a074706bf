"""Taking files in: nothing lost, nothing twice, whatever is killed and whoever takes at the same time."""

import os
import signal
import subprocess
import sys
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from support import ROOT, TESTS
from support.stores.databases import Open
from support.stores.disks import small
from support.stores.facts import OCTOBER
from support.stores.inboxes import SIMULATED, UNITS, lay, new_inbox

from baocao.intake.folder import Waiting, find_waiting
from baocao.intake.taking import take_in_folder
from baocao.store.archive import archive_path
from baocao.store.engine.database import reading
from baocao.store.receipts import waiting_ids
from baocao.store.schema.reporting import receipt
from baocao.system.errors import OutsideServiceError

AS_OF = datetime(2022, 10, 19, 17, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return new_inbox(tmp_path)


def found(inbox: Path) -> list[Waiting]:
    return find_waiting(inbox, UNITS, datetime.now(UTC), stable_seconds=0)


def take(engine: Engine, home: Path, inbox: Path, as_of: datetime = AS_OF, *, is_simulated: bool = True) -> int:
    return take_in_folder(engine, home, found(inbox), OCTOBER, as_of, is_simulated=is_simulated)


def rows(engine: Engine) -> list[tuple[str | None, str, str]]:
    with reading(engine) as connection:
        query = select(receipt.c.unit, receipt.c.name, receipt.c.sha256).order_by(receipt.c.id)
        return [tuple(row) for row in connection.execute(query)]


def files(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.rglob("*") if not path.is_dir())


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def test_a_taken_file_is_archived_recorded_and_gone_from_the_inbox(open_engine: Open, home: Path, inbox: Path) -> None:
    engine = open_engine()
    lay(inbox / "SCT" / "Báo cáo.XLSX", b"mot")
    lay(inbox / "la.ods", b"hai")
    assert take(engine, home, inbox) == 2
    assert rows(engine) == [("SCT", "Báo cáo.XLSX", digest(b"mot")), (None, "la.ods", digest(b"hai"))]
    assert archive_path(home, digest(b"mot"), "Báo cáo.XLSX").read_bytes() == b"mot"
    assert archive_path(home, digest(b"mot"), "Báo cáo.XLSX").suffix == ".xlsx"
    assert files(inbox) == []
    assert len(waiting_ids(engine)) == 2
    assert take(engine, home, inbox) == 0


def test_more_files_than_one_transaction_takes(open_engine: Open, home: Path, inbox: Path) -> None:
    engine = open_engine()
    for number in range(501):
        lay(inbox / "SCT" / f"{number:03d}.xlsx", str(number).encode())
    assert take(engine, home, inbox) == 501
    assert (files(inbox), [name for _, name, _ in rows(engine)][::250]) == ([], ["000.xlsx", "250.xlsx", "500.xlsx"])


def test_names_are_stored_in_nfc_and_without_bytes_that_are_no_text(open_engine: Open, home: Path, inbox: Path) -> None:
    engine = open_engine()
    lay(inbox / "SCT" / unicodedata.normalize("NFD", "Báo cáo Sở.xlsx"))
    Path(os.fsdecode(os.fsencode(inbox / "SNV") + b"/c\xe1o.xls")).write_bytes(b"cu")
    lay(inbox / "SNV" / "hai\ndòng.xlsx", b"la")
    assert take(engine, home, inbox) == 3
    assert sorted(name for _, name, _ in rows(engine)) == ["Báo cáo Sở.xlsx", "c�o.xls", "hai dòng.xlsx"]
    assert files(inbox) == []
    kept = {path.name for path in (home / "archive").rglob("*") if path.is_file()}
    assert kept == {f"{digest(SIMULATED)}.xlsx", f"{digest(b'cu')}.xls", f"{digest(b'la')}.xlsx"}


def test_the_same_content_again_is_received_again_but_kept_once(open_engine: Open, home: Path, inbox: Path) -> None:
    engine = open_engine()
    lay(inbox / "SCT" / "a.xlsx")
    take(engine, home, inbox)
    (kept,) = [path for path in (home / "archive").rglob("*") if path.is_file()]
    before = kept.stat()
    lay(inbox / "SCT" / "b.xlsx")
    assert take(engine, home, inbox) == 1
    assert len(rows(engine)) == 2
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


# When a file was received.


@pytest.fixture
def sqlite(tmp_path: Path) -> Engine:
    from baocao.store.engine.database import open_database

    return open_database(f"sqlite:///{tmp_path / 'mot.db'}", "p", AS_OF)


def received(engine: Engine) -> datetime:
    with reading(engine) as connection:
        return connection.scalars(select(receipt.c.received_at)).one()


@pytest.mark.parametrize("as_of", [AS_OF, AS_OF.replace(year=2090)])
def test_under_a_simulated_clock_a_file_was_received_now(
    sqlite: Engine, home: Path, inbox: Path, as_of: datetime
) -> None:
    lay(inbox / "SCT" / "a.xlsx")
    take(sqlite, home, inbox, as_of)
    assert received(sqlite) == as_of


def test_by_the_real_clock_a_file_was_received_when_it_was_laid(sqlite: Engine, home: Path, inbox: Path) -> None:
    path = lay(inbox / "SCT" / "a.xlsx")
    os.utime(path, (0, 0))  # its owner's date does not count
    laid = datetime.now(UTC)
    take(sqlite, home, inbox, laid + timedelta(hours=9), is_simulated=False)
    assert abs(received(sqlite) - laid) < timedelta(seconds=5)


def test_no_file_was_received_after_it_was_taken(sqlite: Engine, home: Path, inbox: Path) -> None:
    lay(inbox / "SCT" / "a.xlsx")
    taken_at = datetime.now(UTC) - timedelta(hours=1)  # a clock that was put back
    take(sqlite, home, inbox, taken_at, is_simulated=False)
    assert received(sqlite) == taken_at


# Interrupted and disturbed.


def child(url: str, home: Path, inbox: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "support.stores.taker", url, str(home), str(inbox), *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize(("death", "recorded", "new"), [("archive", 0, 2), ("record", 0, 2), ("unlink", 2, 0)])
def test_a_kill_on_the_way_loses_nothing_and_takes_nothing_twice(
    database_url: str, open_engine: Open, home: Path, inbox: Path, death: str, recorded: int, new: int
) -> None:
    engine = open_engine()
    lay(inbox / "SCT" / "a.xlsx", b"mot")
    lay(inbox / "SNV" / "b.xlsx", b"hai")
    with child(database_url, home, inbox, death) as killed:
        killed.wait(60)
    assert killed.returncode == -signal.SIGKILL
    assert len(rows(engine)) == recorded
    assert files(inbox) == ["a.xlsx", "b.xlsx"]
    assert take(engine, home, inbox) == new
    assert [(unit, sha) for unit, _, sha in rows(engine)] == [("SCT", digest(b"mot")), ("SNV", digest(b"hai"))]
    assert files(inbox) == []
    assert take(engine, home, inbox) == 0


@pytest.mark.slow
def test_two_processes_at_once_take_each_file_once(
    database_url: str, open_engine: Open, home: Path, inbox: Path
) -> None:
    engine = open_engine()
    contents = [f"tep {number}".encode() for number in range(300)]
    for number, content in enumerate(contents):
        lay(inbox / UNITS[number % 3] / f"{number}.xlsx", content)
    with child(database_url, home, inbox, "-", "wait") as one, child(database_url, home, inbox, "-", "wait") as other:
        while len(list(home.glob("ready-*"))) < 2:
            assert one.poll() is None
            assert other.poll() is None
            time.sleep(0.02)
        (home / "go").touch()
        told = [int(process.communicate(timeout=60)[0]) for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0)
    assert sum(told) == 300
    assert sorted(sha for _, _, sha in rows(engine)) == sorted(map(digest, contents))
    assert files(inbox) == []


class Changing(Waiting):
    """A file whose owner saves it once more while it is read."""

    def read(self) -> bytes:
        data = super().read()
        with self.path.open("ab") as file:
            file.write(b" va con lai")
        return data


class Replaced(Waiting):
    """A file whose owner lays a new one in its place after it was recorded."""

    looked = False

    def is_unchanged(self) -> bool:
        if Replaced.looked:
            new = self.path.with_name("moi")
            new.write_bytes(b"ban moi")
            new.rename(self.path)
        Replaced.looked = True
        return super().is_unchanged()


def disturbed(inbox: Path, kind: type[Waiting]) -> list[Waiting]:
    return [kind(one.path, one.unit, one.ref, one.arrived_at) for one in found(inbox)]


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_round(sqlite: Engine, home: Path, inbox: Path) -> None:
    lay(inbox / "SCT" / "a.xlsx", b"nua")
    time.sleep(0.02)
    assert take_in_folder(sqlite, home, disturbed(inbox, Changing), OCTOBER, AS_OF, is_simulated=True) == 0
    assert (rows(sqlite), files(inbox)) == ([], ["a.xlsx"])
    assert take(sqlite, home, inbox) == 1
    assert rows(sqlite) == [("SCT", "a.xlsx", digest(b"nua va con lai"))]


def test_a_new_file_in_the_place_of_a_taken_one_is_taken_next(sqlite: Engine, home: Path, inbox: Path) -> None:
    lay(inbox / "SCT" / "a.xlsx", b"ban cu")
    assert take_in_folder(sqlite, home, disturbed(inbox, Replaced), OCTOBER, AS_OF, is_simulated=True) == 1
    assert files(inbox) == ["a.xlsx"]
    assert take(sqlite, home, inbox) == 1
    assert [sha for _, _, sha in rows(sqlite)] == [digest(b"ban cu"), digest(b"ban moi")]


def test_a_file_that_goes_away_costs_only_itself(sqlite: Engine, home: Path, inbox: Path) -> None:
    gone = lay(inbox / "SCT" / "a.xlsx", b"mot")
    swapped = lay(inbox / "SCT" / "b.xlsx", b"hai")
    lay(inbox / "SNV" / "c.xlsx", b"ba")
    waiting = found(inbox)
    gone.unlink()
    swapped.unlink()
    swapped.symlink_to("/etc/hostname")
    assert take_in_folder(sqlite, home, waiting, OCTOBER, AS_OF, is_simulated=True) == 1
    assert rows(sqlite) == [("SNV", "c.xlsx", digest(b"ba"))]


def test_a_full_disk_leaves_the_file_in_the_inbox(sqlite: Engine, home: Path, inbox: Path, tmp_path: Path) -> None:
    lay(inbox / "SCT" / "a.xlsx", b"x" * 200_000)
    with small(tmp_path / "dia-nho", 100_000) as disk:
        with pytest.raises(OutsideServiceError, match=f"Không ghi được .*{disk.reason}"):
            take(sqlite, disk.place, inbox)
        assert [path for path in disk.place.rglob("*") if path.is_file()] == []
    assert (rows(sqlite), files(inbox)) == ([], ["a.xlsx"])
    assert take(sqlite, home, inbox) == 1
