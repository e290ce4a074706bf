"""Whatever breaks a run, the operators are told: once a day for each trouble, by mail, and in the home."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support import ROOT
from support.servers.smtp import SmtpServer, free_port, smtp_server

from baocao.operations.doctor.troubles import check_troubles
from baocao.oversight.troubles import MOST, OpenTrouble, note_trouble, open_troubles, settle_troubles
from baocao.system.errors import NotDueError, OutsideServiceError, PlanError, UsageError
from baocao.workspace.last_plan import remember_plan
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import open_workspace
from flows.collect import collect
from flows.digest import digest
from flows.support import alerts

AT = datetime(2022, 9, 15, 9)
PERIOD = "2022-09"


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def plan(tmp_path: Path, mail: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house whose plan was sound when its runs were set up; the file of its calendar."""
    shutil.copytree(ROOT / "plans" / "ninh-binh-2022", tmp_path / "plan")
    settings = {"HOME": tmp_path / "home", "PLAN": tmp_path / "plan", "SMTP_HOST": mail.host, "SMTP_PORT": mail.port}
    for name, value in {**settings, "SMTP_SECURITY": "none", "DATABASE_URL": ""}.items():
        monkeypatch.setenv(f"BAOCAO_{name}", str(value))
    open_workspace.cache_clear()
    remember_plan(open_workspace())
    open_workspace.cache_clear()
    yield tmp_path / "plan" / "plan.yaml"
    open_workspace.cache_clear()


def subjects(mail: SmtpServer) -> list[str]:
    return [str(message_from_bytes(one.content, policy=policy.default)["Subject"]) for one in mail.received]


def text_of(mail: SmtpServer) -> str:
    """What the first mail says, on one line."""
    body = message_from_bytes(mail.received[0].content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def run(period: str = PERIOD) -> None:
    open_workspace.cache_clear()  # each run is a process of its own
    collect(period, AT)


def broken(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.slow
def test_a_plan_broken_after_start_is_told_once_a_day_and_another_trouble_too(plan: Path, mail: SmtpServer) -> None:
    sound = plan.read_text(encoding="utf-8")
    broken(plan, "units:", "đơn vị:")
    for _ in range(2):
        with pytest.raises(PlanError):
            run()
    assert len(subjects(mail)) == 1
    assert "thu-bao-cao" in subjects(mail)[0]
    text = text_of(mail)
    assert "baocao plan check" in text
    plan.write_text(sound.replace("units:", "units: [", 1), encoding="utf-8")
    with pytest.raises(PlanError):
        run()
    assert len(set(subjects(mail))) == 2
    plan.write_text(sound, encoding="utf-8")
    run()
    assert open_troubles(load_settings().home) == []


@pytest.mark.slow
def test_a_bad_time_zone_is_told(plan: Path, mail: SmtpServer) -> None:
    broken(plan, "timezone: Asia/Ho_Chi_Minh", "timezone: Asia/Khong_Co")
    with pytest.raises(Exception, match="Khong_Co"):
        run()
    assert len(subjects(mail)) == 1


@pytest.mark.slow
def test_a_slip_of_whoever_asked_is_not_told_but_a_scheduled_run_that_slips_is(plan: Path, mail: SmtpServer) -> None:
    assert plan.is_file()
    with pytest.raises(UsageError):
        run("2031-01")
    assert subjects(mail) == []
    by_calendar = Failed(UsageError("Cấu hình sai: BAOCAO_IMAP_HOST."), auto_scheduled=True)
    alerts.alert_operators(collect, by_calendar, by_calendar.state)
    early = Failed(NotDueError("Chưa đến hạn."), auto_scheduled=True)
    alerts.alert_operators(collect, early, early.state)
    assert [one.partition(": ")[2] for one in subjects(mail)] == ["Cấu hình sai: BAOCAO_IMAP_HOST."]


class Failed:
    """What Prefect gives to its hooks."""

    def __init__(self, cause: Exception, *, auto_scheduled: bool = False, deployment: str = "d") -> None:
        self.name, self.id, self.deployment_id = "Thu báo cáo kỳ 2022-09", "1b4e", deployment
        self.parameters: dict[str, object] = {"period": PERIOD}
        self.auto_scheduled = auto_scheduled
        self.cause = cause
        self.message = "Flow run encountered an exception"

    @property
    def state(self) -> "Failed":
        return self

    def result(self) -> None:
        raise self.cause

    def is_crashed(self) -> bool:
        return False


@pytest.mark.slow
@pytest.mark.parametrize(("deployment", "advice"), [("d", "baocao retry 1b4e"), ("", "chạy lại: baocao catch-up")])
def test_the_advice_is_a_command_that_works(plan: Path, mail: SmtpServer, deployment: str, advice: str) -> None:
    assert plan.is_file()
    failed = Failed(OutsideServiceError("Ổ đĩa đầy."), deployment=deployment)
    alerts.alert_operators(collect, failed, failed.state)
    text = text_of(mail)
    assert advice in text
    assert "prefect flow-run" not in text


@pytest.mark.slow
def test_without_a_mail_server_the_home_shows_it_until_it_is_mended(
    plan: Path, monkeypatch: pytest.MonkeyPatch, mail: SmtpServer
) -> None:
    assert plan.is_file()
    monkeypatch.setenv("BAOCAO_SMTP_PORT", str(free_port()))
    failed = Failed(OutsideServiceError("Ổ đĩa đầy."))
    alerts.alert_operators(collect, failed, failed.state)
    found = check_troubles(load_settings())
    assert (found.blame, "Ổ đĩa đầy" in found.detail, "baocao retry 1b4e" in found.remedy) == (4, True, True)
    monkeypatch.setenv("BAOCAO_SMTP_PORT", str(mail.port))
    open_workspace.cache_clear()
    digest(AT)  # another flow: its end mends nothing of this one
    assert check_troubles(load_settings()).blame == 4
    run()
    assert check_troubles(load_settings()).blame == 0
    assert any("Ổ đĩa đầy" in one for one in subjects(mail))  # it waited in the outbox


@pytest.mark.slow
def test_troubles_are_kept_apart_bounded_and_never_in_the_way(tmp_path: Path) -> None:
    def trouble(number: int) -> OpenTrouble:
        return OpenTrouble(datetime.now(UTC).isoformat(), "thu-bao-cao", f"{number}", "ổ đĩa đầy", "dọn đĩa")

    for number in (1, 1, 2):
        note_trouble(tmp_path, trouble(number))
    assert [one.period for one in open_troubles(tmp_path)] == ["1", "2"]
    settle_troubles(tmp_path, "thu-bao-cao", "1")
    assert [one.period for one in open_troubles(tmp_path)] == ["2"]
    for number in range(MOST + 5):
        note_trouble(tmp_path, trouble(number))
    assert len(open_troubles(tmp_path)) == MOST
    settle_troubles(tmp_path, "lam-bu", "", is_all=True)
    assert open_troubles(tmp_path) == []
    for spoilt in ("", "{", json.dumps([{"a": 1}]), json.dumps(3)):
        (tmp_path / "troubles.json").write_text(spoilt)
        assert open_troubles(tmp_path) == []
