"""The doctor finds what is broken, says how to mend it, shows no secret and changes nothing."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support import ROOT
from support.servers.smtp import SmtpServer, free_port, make_certificate, smtp_server
from support.stores.commands import run_here
from support.stores.disks import limited
from support.stores.houses import house

from baocao.operations.doctor.check import Level
from baocao.operations.doctor.machine import check_clock, check_fonts, vietnamese_letters
from baocao.operations.doctor.places import check_env_file, check_home
from baocao.operations.doctor.services import check_prefect, check_smtp
from baocao.operations.doctor.stores import check_database
from baocao.store.engine.database import writing

PASSWORD = "mat-khau-rat-bi-mat"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server(password=PASSWORD) as running:
        yield running


def run_doctor(home: Path, **more: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """The command with settings of its own; its code, its checks by key, and all that it printed."""
    settings = {"BAOCAO_HOME": str(home), "BAOCAO_PLAN": str(ROOT / "plans/ninh-binh-2022"), **more}
    code, printed, complaint = run_here(home.parent, settings, "doctor", "--json")
    return code, {row["check"]: row for row in json.loads(printed)["checks"]}, printed + complaint


def through(server: SmtpServer, password: str = PASSWORD) -> dict[str, str]:
    return {
        "BAOCAO_SMTP_HOST": server.host,
        "BAOCAO_SMTP_PORT": str(server.port),
        "BAOCAO_SMTP_USER": "bao-cao",
        "BAOCAO_SMTP_PASSWORD": password,
        "BAOCAO_SMTP_SECURITY": "none",
    }


@pytest.mark.slow
def test_a_sound_house_is_called_so(tmp_path: Path, server: SmtpServer) -> None:
    code, checks, said = run_doctor(tmp_path / "home", **through(server))
    assert code == 0
    assert {check["level"] for check in checks.values()} == {"ok"}
    assert len(checks) >= 16
    assert PASSWORD not in said
    assert len(server.logins) == 1
    assert server.received == []
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "key", "code"),
    [
        ({"BAOCAO_PLAN": "/khong/co"}, "plan", 2),
        ({"BAOCAO_SMTP_PORT": "abc"}, "settings", 2),
        ({"BAOCAO_DATABASE_URL": "mysql://a/b"}, "database", 2),
        ({"BAOCAO_DATABASE_URL": "postgresql+psycopg://a@127.0.0.1:1/b"}, "database", 4),
        ({"BAOCAO_HOME": "/proc/bao-cao"}, "home", 4),
        ({"PREFECT_API_URL": "http://127.0.0.1:1/api"}, "prefect", 4),
        ({"PREFECT_API_URL": "file:///etc/passwd"}, "prefect", 2),
        ({"BAOCAO_INTAKE": "mailbox"}, "imap", 2),
        ({"BAOCAO_INTAKE": "mailbox", "BAOCAO_IMAP_HOST": "127.0.0.1", "BAOCAO_IMAP_PORT": "1",
          "BAOCAO_IMAP_USER": "a", "BAOCAO_IMAP_PASSWORD": PASSWORD}, "imap", 4),
        ({"BAOCAO_SMTP_HOST": "127.0.0.1", "BAOCAO_SMTP_PORT": "1"}, "smtp", 4),
        ({"BAOCAO_SMTP_HOST": "mail.example", "BAOCAO_SMTP_USER": "a", "BAOCAO_SMTP_PASSWORD": "mật khẩu"}, "smtp", 2),
        ({"BAOCAO_SMTP_HOST": "mail.example", "BAOCAO_SMTP_USER": "a", "BAOCAO_SMTP_PASSWORD": PASSWORD,
          "BAOCAO_SMTP_SECURITY": "none"}, "smtp", 2),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, dict) else str(value),
)  # fmt: skip
def test_what_is_broken_is_told_with_how_to_mend_it(tmp_path: Path, more: dict[str, str], key: str, code: int) -> None:
    ended, checks, said = run_doctor(tmp_path / "home", **more)
    assert ended == code
    assert {name for name, check in checks.items() if check["level"] == "fault"} == {key}
    assert checks[key]["remedy"]
    assert PASSWORD not in said


@pytest.mark.slow
def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path, server: SmtpServer) -> None:
    code, checks, said = run_doctor(tmp_path / "home", **through(server, "sai-mat-khau"))
    assert (code, checks["smtp"]["level"]) == (4, "fault")
    assert "sai-mat-khau" not in said


@pytest.mark.slow
def test_configuration_is_blamed_before_services(tmp_path: Path) -> None:
    code, _, _ = run_doctor(tmp_path / "home", BAOCAO_PLAN="/khong/co", BAOCAO_HOME="/proc/bao-cao")
    assert code == 2


def test_a_server_that_stalls_or_whose_certificate_is_unknown(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    with smtp_server(certificate=certificate) as secured:
        settings = house(tmp_path, "", smtp_host="127.0.0.1", smtp_port=secured.port).settings
        check = check_smtp(settings)
    assert (check.level, check.blame) == (Level.FAULT, 4)


def test_a_full_disk(tmp_path: Path) -> None:
    settings = house(tmp_path, "").settings
    with limited(20_000):
        check = check_home(settings)
    assert (check.level, check.blame) == (Level.FAULT, 4)
    assert list(tmp_path.iterdir()) == []
    assert check_home(settings).level is Level.OK


def test_databases_of_every_kind_of_trouble(tmp_path: Path, database_url: str) -> None:
    workspace = house(tmp_path / "home", database_url)
    settings, engine, plan = workspace.settings, workspace.engine, workspace.plan
    assert check_database(settings, plan).level is Level.OK
    other = check_database(settings, plan.model_copy(update={"code": "khac"}))
    assert (other.level, other.blame) == (Level.FAULT, 2)
    for revision, level in (("0001", Level.WARNING), ("9999", Level.FAULT)):
        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        check = check_database(settings, plan)
        assert (check.level, bool(check.remedy)) == (level, True)
    engine.dispose()
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        content = bytearray(path.read_bytes())
        content[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
        path.write_bytes(bytes(content))
        broken = check_database(settings, plan)
        assert (broken.level, broken.blame) == (Level.FAULT, 4)
        path.write_bytes(b"khong phai co so du lieu" * 100)
        assert check_database(settings, plan).level is Level.FAULT


def test_a_font_without_vietnamese_letters(tmp_path: Path) -> None:
    from matplotlib import get_data_path

    assert len(vietnamese_letters()) == 134
    (sound,) = check_fonts()
    assert sound.level is Level.OK
    (none,) = check_fonts(tmp_path)
    assert none.level is Level.FAULT
    shutil.copy(Path(get_data_path()) / "fonts/ttf/cmr10.ttf", tmp_path)
    (poor,) = check_fonts(tmp_path)
    assert "cmr10.ttf thiếu" in poor.detail


def test_a_clock_before_this_program_was_made() -> None:
    assert check_clock(datetime.now(UTC)).level is Level.OK
    assert check_clock(datetime(1970, 1, 1, tzinfo=UTC)).blame == 2


def test_passwords_that_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("BAOCAO_SMTP_PASSWORD=bi-mat\n")
    path.chmod(0o644)
    warned = check_env_file(path)
    assert (warned.level, "chmod 600" in warned.remedy, "bi-mat" in warned.detail) == (Level.WARNING, True, False)
    path.chmod(0o600)
    assert check_env_file(path).level is Level.OK


class _Prefect(BaseHTTPRequestHandler):
    """Answers as Prefect's API does, with the password of the server and the clock of yesterday."""

    def do_GET(self) -> None:
        is_let_in = self.headers.get("Authorization") == "Basic YWRtaW46cGFzcw=="
        self.send_response_only(200 if is_let_in else 401)
        self.send_header("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(b'"3.9.1"' if is_let_in else b"")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_a_prefect_server_with_a_password_and_another_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    running = HTTPServer(("127.0.0.1", free_port()), _Prefect)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{running.server_port}/api")
        monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
        assert check_prefect(datetime.now(UTC)).blame == 2
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:pass")
        late = check_prefect(datetime.now(UTC))
        assert (late.level, "lệch" in late.detail) == (Level.WARNING, True)
        assert check_prefect(datetime(2026, 1, 1, tzinfo=UTC)).detail == "phiên bản 3.9.1"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()
