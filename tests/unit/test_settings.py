"""Settings from the environment, and the clock that is read once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest

from baocao.system.clock import read_clock
from baocao.system.errors import UsageError
from baocao.workspace.settings import PROJECT, Settings, load_settings

_SETTING_ROW = r"^\| `BAOCAO_(\w+)` \| ([^|]*?) ?\| ([^|]*) \|$"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder as the current one, so that no ``.env`` is read by chance."""
    monkeypatch.chdir(tmp_path)


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"BAOCAO_{name}", value)
    return load_settings()


def test_without_any_setting_everything_works_embedded() -> None:
    made = load_settings()
    assert (made.home, made.inbox_folder, made.intake) == (Path("var"), Path("var/inbox"), ("folder",))
    assert (made.database, made.smtp_host, made.approval) == ("sqlite:///var/baocao.db", "", "none")
    assert made.plan_folder == PROJECT / "plans/ninh-binh-2022"  # beside the program, from any folder


def test_the_environment_and_a_file_say_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("BAOCAO_HOME=/srv/baocao\nBAOCAO_SMTP_PORT=25\nKHAC=1\n")
    made = settings(monkeypatch, HOME="/data", DATABASE_URL="postgresql+psycopg://h/b")
    assert (made.home, made.inbox_folder, made.smtp_port) == (Path("/data"), Path("/data/inbox"), 25)
    assert made.database == "postgresql+psycopg://h/b"


def test_a_plan_of_one_s_own_comes_before_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "plans" / "ninh-binh-2022"
    own.mkdir(parents=True)
    assert load_settings().plan_folder == Path("plans/ninh-binh-2022")
    assert settings(monkeypatch, PLAN="/khong/co").plan_folder == Path("/khong/co")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("folder", ("folder",)),
        ("mailbox", ("mailbox",)),
        ("both", ("folder", "mailbox")),
        ("folder,mailbox", ("folder", "mailbox")),
        ("mailbox folder", ("mailbox", "folder")),
    ],
)
def test_ways_of_naming_the_intake(monkeypatch: pytest.MonkeyPatch, text: str, expected: tuple[str, ...]) -> None:
    assert settings(monkeypatch, INTAKE=text).intake == expected


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SMTP_PORT", "hai lăm", "BAOCAO_SMTP_PORT: phải là số nguyên"),
        ("SMTP_PORT", "0", "BAOCAO_SMTP_PORT: phải lớn hơn hoặc bằng 1"),
        ("IMAP_PORT", "70000", "BAOCAO_IMAP_PORT: phải nhỏ hơn hoặc bằng 65535"),
        ("WORKERS", "0", "BAOCAO_WORKERS: phải lớn hơn hoặc bằng 1"),
        ("SMTP_SECURITY", "ssl", "BAOCAO_SMTP_SECURITY: chỉ nhận 'none', 'starttls' hoặc 'tls'"),
        ("INTAKE", "ftp", "BAOCAO_INTAKE: chỉ nhận 'folder' hoặc 'mailbox'"),
        (
            "PORTAL_URL",
            "https://a.example/x",
            "BAOCAO_PORTAL_URL: phải là địa chỉ như https://baocao.tinh.example, không có phần sau tên máy",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_vietnamese(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    with pytest.raises(UsageError) as refused:
        settings(monkeypatch, **{name: value})
    assert str(refused.value) == f"Cấu hình sai: {message}. Hãy sửa biến môi trường hoặc tệp .env."


def test_every_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"BAOCAO_SMTP_PORT: .*; BAOCAO_APPROVAL: "):
        settings(monkeypatch, SMTP_PORT="x", APPROVAL="maybe")


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    made = settings(monkeypatch, SMTP_PASSWORD="mat-khau-that", IMAP_PASSWORD="mat-khau-khac")
    assert "mat-khau" not in f"{made!r} {made} {made.model_dump_json()}"
    with pytest.raises(UsageError) as refused:
        settings(monkeypatch, SMTP_PORT="mat-khau-dat-nham-cho")
    assert "mat-khau" not in str(refused.value)


def test_now_is_now_in_the_plan_s_zone() -> None:
    clock = read_clock(None, ZONE)
    assert abs(clock.now - datetime.now(UTC)) < timedelta(seconds=5)
    assert (clock.now.utcoffset(), clock.is_simulated) == (timedelta(hours=7), False)


@pytest.mark.parametrize("given", [datetime(2022, 10, 19, 17), datetime(2022, 10, 19, 10, tzinfo=UTC)])
def test_a_given_moment_is_local_unless_it_says_otherwise(given: datetime) -> None:
    clock = read_clock(given, ZONE)
    assert (clock.now.isoformat(), clock.is_simulated) == ("2022-10-19T17:00:00+07:00", True)


def test_the_guide_lists_every_setting_with_its_default_and_its_values() -> None:
    guide = (PROJECT / "docs" / "van-hanh.md").read_text(encoding="utf-8")
    rows = {name.lower(): (default, values) for name, default, values in re.findall(_SETTING_ROW, guide, re.MULTILINE)}
    assert list(rows) == list(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default, values = rows[name]
        if isinstance(field.default, int | str) and str(field.default):
            assert default in (f"`{field.default}`", "`sqlite:///{HOME}/baocao.db`"), name
        assert all(f"`{one}`" in values for one in _choices(field.annotation)), name


def _choices(annotation: Any) -> list[str]:
    """Every literal in a type, however deep."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [one for part in get_args(annotation) for one in _choices(part)]
