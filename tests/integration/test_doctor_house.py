"""What the doctor says of a home that has lost something, and of a plan in which nobody is told."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from support.mail.mailboxes import OURS, settings_of
from support.servers.imap import ImapServer
from support.stores.facts import submit
from support.stores.houses import house

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.operations.doctor.check import Level
from baocao.operations.doctor.house import check_archive, check_dask, check_people, check_secrets
from baocao.operations.doctor.services import check_imap
from baocao.operations.doctor.serving import check_serve
from baocao.operations.doctor.stores import check_database
from baocao.store.archive import keep
from baocao.store.engine.database import writing
from baocao.system import lease
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.serving import LOCK, Serving, note_serving
from baocao.workspace.submission_code import KEY_FILE, submission_token
from baocao.workspace.workspace import Workspace


@pytest.fixture
def lived(tmp_path: Path) -> Workspace:
    """A home that has received a file and handed out a form."""
    workspace = house(tmp_path / "home", "")
    submit(workspace.engine)
    with writing(workspace.engine) as connection:
        sha256, name = connection.execute(text("SELECT sha256, name FROM receipt")).one()
    keep(workspace.home, b"x", sha256, name)
    submission_token(workspace.home, workspace.plan.code, "SCT", Period(2022, 10), "thang")
    return workspace


def test_a_whole_home_is_sound(lived: Workspace) -> None:
    assert check_secrets(lived.settings).level is Level.OK
    assert check_archive(lived.settings).level is Level.OK
    assert "đủ 1 tệp" in check_archive(lived.settings).detail


def test_a_lost_key_is_told(lived: Workspace) -> None:
    shutil.rmtree(lived.home / KEY_FILE.parent)
    check = check_secrets(lived.settings)
    assert (check.level, "restore" in check.remedy) == (Level.FAULT, True)
    assert not (lived.home / KEY_FILE).exists(), "looking makes no key"


def test_a_key_that_others_can_read_is_told(lived: Workspace) -> None:
    (lived.home / KEY_FILE).chmod(0o644)
    assert check_secrets(lived.settings).level is Level.FAULT


def test_a_lost_archive_is_told(lived: Workspace) -> None:
    shutil.rmtree(lived.home / "archive")
    check = check_archive(lived.settings)
    assert (check.level, "1/1" in check.detail, "restore" in check.remedy) == (Level.FAULT, True, True)


def test_a_new_home_lacks_nothing(tmp_path: Path) -> None:
    settings = house(tmp_path / "home", "").settings
    assert [check(settings).level for check in (check_secrets, check_archive, check_dask)] == [Level.OK] * 3
    assert not (tmp_path / "home").exists()


def without(workspace: Workspace, role: RecipientRole) -> Workspace:
    """The same house with a plan in which nobody has this role."""
    people = workspace.plan.recipients
    kept = tuple(one.model_copy(update={"roles": tuple(r for r in one.roles if r is not role)}) for one in people)
    object.__setattr__(workspace, "plan", workspace.plan.model_copy(update={"recipients": kept}))
    return workspace


def test_nobody_to_tell_and_nobody_to_approve(tmp_path: Path) -> None:
    plain = without(house(tmp_path, ""), RecipientRole.OPERATOR)
    assert check_people(plain.settings, plain.plan).level is Level.WARNING
    approved = without(house(tmp_path, "", approval="required"), RecipientRole.APPROVER)
    check = check_people(approved.settings, approved.plan)
    assert (check.level, check.blame) == (Level.FAULT, 2)


def test_dask_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings = house(tmp_path, "", task_runner="dask", dask_address=f"tcp://127.0.0.1:{port}").settings
        assert check_dask(settings).level is Level.OK
    assert (check_dask(settings).level, check_dask(settings).blame) == (Level.FAULT, 4)
    wrong = house(tmp_path, "", task_runner="dask", dask_address="may-chu").settings
    assert check_dask(wrong).blame == 2


@pytest.mark.parametrize("damage", [b"khong phai co so du lieu" * 200, None])
def test_a_damaged_database_says_restore(lived: Workspace, damage: bytes | None) -> None:
    lived.engine.dispose()
    path = lived.home / "baocao.db"
    for beside in lived.home.glob("baocao.db-*"):
        beside.unlink()
    whole = path.read_bytes()
    path.write_bytes(damage or whole[:8192] + bytes(len(whole) - 8192))
    check = check_database(lived.settings, lived.plan)
    assert (check.level, "restore" in check.remedy) == (Level.FAULT, True)
    if damage:
        with pytest.raises(OutsideServiceError, match=r"bị hỏng.*baocao restore"):
            _ = house(lived.home, "").engine


def test_a_database_of_a_newer_program_is_a_matter_of_configuration(lived: Workspace) -> None:
    with writing(lived.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    lived.engine.dispose()
    with pytest.raises(UsageError, match=r"phiên bản mới hơn.*nâng cấp") as raised:
        _ = house(lived.home, "").engine
    assert raised.value.exit_code == 2


def test_nobody_serves_this_home(tmp_path: Path) -> None:
    settings = house(tmp_path / "home", "").settings
    check = check_serve(settings)
    assert (check.level, "không chạy" in check.detail, "baocao serve" in check.remedy) == (Level.OK, True, True)
    assert not (tmp_path / "home").exists()
    settings.home.mkdir()
    for left in ("", "hỏng", "may|khong|1", "|||"):
        (settings.home / LOCK).write_text(left)
        assert "không chạy" in check_serve(settings).detail


def test_who_serves_this_home(tmp_path: Path) -> None:
    settings, mine = house(tmp_path, "").settings, lease.this_process()
    note = settings.home / LOCK
    note.write_text(mine.replace("|", "-khac|", 1))
    assert (check_serve(settings).level, "do máy" in check_serve(settings).detail) == (Level.OK, True)
    note.write_text(mine)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        note_serving(settings.home, Serving(f"{address}/api", mine, "mot-lan-truoc"))
        assert "PREFECT_API_URL" in check_serve(settings).detail
        note_serving(settings.home, Serving(f"{address}/api", mine, mine))
        assert (check_serve(settings).level, address in check_serve(settings).detail) == (Level.OK, True)
    assert (check_serve(settings).level, "chưa lên" in check_serve(settings).detail) == (Level.WARNING, True)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        note.write_text(lease.identity(process.pid))
    check = check_serve(settings)
    assert (check.level, "đột ngột" in check.detail, "baocao serve" in check.remedy) == (Level.WARNING, True, True)


@pytest.mark.parametrize(("authserv", "level"), [("", Level.WARNING), (OURS, Level.OK)])
def test_a_mailbox_that_believes_no_sender_is_told(
    mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authserv: str, level: Level
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
    check = check_imap(settings_of(mailbox, tmp_path, trusted_authserv=authserv))
    assert (check.level, "BAOCAO_TRUSTED_AUTHSERV" in check.remedy) == (level, not authserv)
