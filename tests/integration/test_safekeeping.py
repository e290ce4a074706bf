"""Backup and restore: whole while others write, the same house elsewhere, and nothing is mailed a second time."""

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from support import ROOT, TESTS
from support.mail.letters import outgoing
from support.servers.smtp import SmtpServer
from support.stores.disks import limited
from support.stores.house_worker import work_once
from support.stores.houses import clock_at, house

from baocao.domain.delivery import DeliveryState
from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.routes import transport_of
from baocao.operations.export import WHATS, export_rows
from baocao.operations.safekeeping import Backup, Restored, back_up, restore
from baocao.operations.safekeeping.references import referenced_files
from baocao.oversight.status import period_status
from baocao.store.audit import entries
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.messages import list_messages
from baocao.store.schema.reporting import submission
from baocao.system.errors import NotDueError, OutsideServiceError, UsageError
from baocao.workspace.submission_code import signing_key
from baocao.workspace.workspace import Workspace

OCTOBER = Period(2022, 10)
NOW = datetime(2022, 10, 19, 11, tzinfo=UTC)
BY = Signature("kỹ thuật", "", NOW)
Elsewhere = Callable[[Path], Workspace]


def through(server: SmtpServer) -> dict[str, Any]:
    return {"smtp_host": server.host, "smtp_port": server.port, "smtp_security": "none"}


@pytest.fixture
def workspace(tmp_path: Path, database_url: str, server: SmtpServer) -> Workspace:
    return house(tmp_path / "home", database_url, **through(server))


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest, server: SmtpServer) -> Iterator[Elsewhere]:
    """Restores a backup into another home and an empty database of the same kind."""
    opened: list[Workspace] = []

    def restored(backup: Path) -> Workspace:
        number, url = len(opened), f"sqlite:///{tmp_path / f'{len(opened)}.db'}"
        if "postgresql" in request.node.name:
            url = request.getfixturevalue("postgres").new_database()
        opened.append(house(tmp_path / f"elsewhere-{number}", url, **through(server)))
        restore(opened[-1].settings, backup, BY)
        return opened[-1]

    yield restored
    for one in opened:
        one.engine.dispose()


def known(workspace: Workspace) -> tuple[Any, ...]:
    """All that the house says about the month."""
    status = period_status(workspace, OCTOBER, clock_at(workspace, "2022-10-19T12:00")).as_row()
    return json.dumps(status), *(export_rows(workspace, OCTOBER, what, "json") for what in WHATS)


def send(workspace: Workspace) -> None:
    transport = transport_of(workspace.settings, workspace.outbox_folder)
    deliver(workspace.engine, transport, workspace.outbox_folder, NOW)


def wait_for(workspace: Workspace, versions: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with reading(workspace.engine) as connection:
            if (connection.scalar(select(func.count()).select_from(submission)) or 0) >= versions:
                return
        time.sleep(0.05)
    raise TimeoutError("the other process does not get on")


@pytest.mark.slow
def test_the_same_house_elsewhere_and_no_mail(
    workspace: Workspace, elsewhere: Elsewhere, server: SmtpServer, tmp_path: Path
) -> None:
    for number in range(3):
        work_once(workspace, number)
    key = signing_key(workspace.home)
    send(workspace)
    before, sent = known(workspace), len(server.received)
    assert sent == 3
    made = back_up(workspace, tmp_path / "sao-luu.tar.gz", "0", NOW)
    assert made.missing == ()
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600

    other = elsewhere(made.path)
    assert known(other) == before
    send(other)
    assert len(server.received) == sent
    assert signing_key(other.home) == key
    for name in ("archive", "outbox"):
        mine = {path.name: path.read_bytes() for path in (workspace.home / name).rglob("*") if path.is_file()}
        assert mine == {path.name: path.read_bytes() for path in (other.home / name).rglob("*") if path.is_file()}
    work_once(other, 3)
    send(other)
    assert len(server.received) == sent + 1


def test_what_was_not_sent_is_left_to_a_person(
    workspace: Workspace, elsewhere: Elsewhere, server: SmtpServer, tmp_path: Path
) -> None:
    with writing(workspace.engine) as connection:
        enqueue(connection, [outgoing()], workspace.outbox_folder, NOW)
    made = back_up(workspace, tmp_path / "sao-luu.tar.gz", "0", NOW)
    send(workspace)
    other = elsewhere(made.path)
    send(other)
    assert set(server.copies().values()) == {1}
    with reading(other.engine) as connection:
        (message,) = list_messages(connection)
        (entry,) = entries(connection)
    assert {one.state for one in message.deliveries} == {DeliveryState.UNCERTAIN}
    assert "sao lưu" in str(message.deliveries[0].last_error)
    assert (entry.who, entry.action, entry.details["held"]) == ("kỹ thuật", "restore", 2)


@pytest.mark.slow
def test_a_backup_made_while_another_process_writes_is_whole(
    workspace: Workspace, elsewhere: Elsewhere, server: SmtpServer, tmp_path: Path
) -> None:
    url = workspace.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
    command = [sys.executable, "-m", "support.stores.house_worker", str(workspace.home), url, "0"]
    process = subprocess.Popen(command, env=environment)
    made: list[Backup] = []
    try:
        for versions in (3, 8, 12):
            wait_for(workspace, versions, process)
            made.append(back_up(workspace, tmp_path / f"{versions}.tar.gz", "0", NOW))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    for one in made:
        assert one.missing == ()
    first, last = elsewhere(made[0].path), elsewhere(made[-1].path)
    for other in (first, last):
        with reading(other.engine) as connection:
            versions = list(connection.scalars(select(submission.c.version).order_by(submission.c.id)))
            messages = list_messages(connection)
            names = referenced_files(connection)
        assert versions == list(range(1, len(versions) + 1))
        assert len(messages) == len(versions)
        assert all((other.home / name).is_file() for name in names)
        send(other)
    assert len(versions) >= 12
    assert server.received == []


def test_a_backup_never_overwrites_and_needs_something(workspace: Workspace, tmp_path: Path) -> None:
    work_once(workspace, 0)
    made = back_up(workspace, tmp_path, "0", NOW)
    assert made.path.name == "baocao-ninh-binh-2022-20221019T180000.tar.gz"
    content = made.path.read_bytes()
    with pytest.raises(UsageError, match="Đã có tệp"):
        back_up(workspace, made.path, "0", NOW)
    assert made.path.read_bytes() == content
    with pytest.raises(UsageError, match="Không có thư mục"):
        back_up(workspace, tmp_path / "khong-co" / "a.tar.gz", "0", NOW)
    nothing = house(tmp_path / "trong", f"sqlite:///{tmp_path / 'trong.db'}")
    with pytest.raises(NotDueError, match="Chưa có dữ liệu"):
        back_up(nothing, tmp_path / "b.tar.gz", "0", NOW)


def test_a_lost_file_is_told(workspace: Workspace, tmp_path: Path) -> None:
    work_once(workspace, 0)
    (lost,) = (path for path in (workspace.home / "archive").rglob("*") if path.is_file())
    lost.unlink()
    made = back_up(workspace, tmp_path / "a.tar.gz", "0", NOW)
    assert made.missing == (lost.relative_to(workspace.home).as_posix(),)


def test_a_full_disk_leaves_no_half_backup(workspace: Workspace, tmp_path: Path) -> None:
    work_once(workspace, 0)
    folder = tmp_path / "backups"
    folder.mkdir()
    with limited(20_000), pytest.raises(OutsideServiceError, match="dung lượng"):
        back_up(workspace, folder / "a.tar.gz", "0", NOW)
    assert list(folder.iterdir()) == []


class TestRefusals:
    """What is not sound, or not for here, changes nothing. On SQLite; the checks come before any database."""

    @pytest.fixture
    def database_url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'baocao.db'}"

    @pytest.fixture
    def backup(self, workspace: Workspace, tmp_path: Path) -> Path:
        work_once(workspace, 0)
        return back_up(workspace, tmp_path / "a.tar.gz", "0", NOW).path

    def refused(self, tmp_path: Path, backup: Path, match: str, url: str = "") -> None:
        home = tmp_path / "moi"
        settings = house(home, url or f"sqlite:///{home / 'baocao.db'}").settings
        with pytest.raises(UsageError, match=match):
            restore(settings, backup, BY)
        assert not home.exists()

    def test_a_home_or_database_in_use(self, workspace: Workspace, backup: Path, tmp_path: Path) -> None:
        before = known(workspace)
        with pytest.raises(UsageError, match="không trống"):
            restore(workspace.settings, backup, BY)
        self.refused(tmp_path, backup, "Cơ sở dữ liệu đích không trống", workspace.settings.database)
        assert known(workspace) == before

    def test_no_backup_at_all(self, tmp_path: Path) -> None:
        self.refused(tmp_path, tmp_path / "khong-co.tar.gz", "Không có bản sao lưu")
        (tmp_path / "chu.tar.gz").write_bytes(b"khong phai tep nen")
        self.refused(tmp_path, tmp_path / "chu.tar.gz", "bị hỏng")

    @pytest.mark.parametrize("cut", [0.3, 0.7, 0.97])
    def test_a_truncated_one(self, backup: Path, tmp_path: Path, cut: float) -> None:
        content = backup.read_bytes()
        backup.write_bytes(content[: int(len(content) * cut)])
        self.refused(tmp_path, backup, "hỏng|toàn vẹn")

    def test_one_whose_file_was_changed(self, backup: Path, tmp_path: Path) -> None:
        def change(name: str, data: bytes) -> bytes:
            return data + b" " if name.startswith("home/archive/") else data

        self.refused(tmp_path, repacked(backup, change), "tổng kiểm tra")

    def test_one_of_a_newer_program(self, backup: Path, tmp_path: Path) -> None:
        def renew(name: str, data: bytes) -> bytes:
            return data.replace(b'"revision": "0', b'"revision": "9') if name == "manifest.json" else data

        self.refused(tmp_path, repacked(backup, renew), "phiên bản mới hơn")

    @pytest.mark.parametrize(
        "name", ["../tron.txt", "/etc/tron.txt", "home/archive/../../../tron.txt", "home/tron.txt", "khac/tron.txt"]
    )
    def test_one_that_leads_elsewhere(self, backup: Path, tmp_path: Path, name: str) -> None:
        self.refused(tmp_path, repacked(backup, lambda _, data: data, tarfile.TarInfo(name)), "mục lạ")
        assert not list(tmp_path.rglob("tron.txt"))

    def test_one_with_a_link(self, backup: Path, tmp_path: Path) -> None:
        link = tarfile.TarInfo("home/archive/tron.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        self.refused(tmp_path, repacked(backup, lambda _, data: data, link), "mục lạ")

    def test_one_of_the_other_database(self, backup: Path, tmp_path: Path, postgres: Any) -> None:
        self.refused(tmp_path, backup, "là của sqlite", postgres.new_database())

    def test_a_failing_disk_leaves_an_empty_home(self, backup: Path, tmp_path: Path) -> None:
        occupied = tmp_path / "tep"
        occupied.write_bytes(b"")
        settings = house(tmp_path / "moi", f"sqlite:///{occupied / 'baocao.db'}").settings
        with pytest.raises(OutsideServiceError):
            restore(settings, backup, BY)
        assert not settings.home.exists()
        settings = house(occupied, f"sqlite:///{tmp_path / 'x.db'}").settings
        with pytest.raises(UsageError, match="không trống"):
            restore(settings, backup, BY)

    def test_what_an_interrupted_restore_left_is_swept(self, backup: Path, tmp_path: Path) -> None:
        home = tmp_path / "moi"
        (home / ".khoi-phuc-0").mkdir(parents=True)
        done = restore(house(home, f"sqlite:///{home / 'baocao.db'}").settings, backup, BY)
        assert isinstance(done, Restored)
        assert sorted(path.name for path in home.iterdir()) == ["archive", "baocao.db", "outbox", "plan"]
        assert not done.is_plan_other


def repacked(backup: Path, change: Callable[[str, bytes], bytes], *more: tarfile.TarInfo) -> Path:
    """A backup with its files changed and entries put in front."""
    target = backup.with_name("sua.tar.gz")
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for entry in more:
            new.addfile(entry, io.BytesIO(b""))
        for member in old:
            content = old.extractfile(member)
            assert content
            data = change(member.name, content.read())
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    shutil.copymode(backup, target)
    return target
