"""``baocao serve`` as a process of its own: up soon, on the calendar's dates, mends what was killed, leaves nothing."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from signal import SIGTERM
from subprocess import Popen
from zoneinfo import ZoneInfo

import factories
import psutil
import pytest
from content_factory import ROOT
from prefect_factory import Api, baocao, environment, family_of, kill_hard, prefect, started, wait_until
from smtp_server import SmtpServer, free_port, smtp_server

from baocao.domain.period import Period
from baocao.plans import load_plan

PLAN = ROOT / "plans" / "nhan-rong-mau"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FLOWS = {"gui-bieu-mau", "thu-bao-cao", "nhac-nop", "bao-chua-nop", "bao-cao-tong-hop", "lam-bu", "tom-tat-van-hanh"}


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def mine(tmp_path: Path, mail: SmtpServer) -> dict[str, str]:
    """A house with a plan that starts next month, whatever today is."""
    start = Period.of(datetime.now(ZONE) + timedelta(days=31))
    plan = tmp_path / "ke-hoach"
    made = environment(tmp_path / "home", plan, mail, PREFECT_SERVER_API_PORT=str(free_port()))
    baocao(made, "plan", "new", "--from", str(PLAN), "--start", str(start), "-o", str(plan))
    return made


@pytest.fixture
def served(mine: dict[str, str], tmp_path: Path) -> Iterator["Popen[bytes]"]:
    with started(mine, tmp_path / "serve.log", "-m", "deployments.cli", "serve") as process:
        yield process


def lay(mine: dict[str, str], unit: str) -> Period:
    """A workbook of the plan's first month in a unit's folder."""
    plan = load_plan(Path(mine["BAOCAO_PLAN"]))
    period = plan.periods[0]
    path = Path(mine["BAOCAO_HOME"]) / "inbox" / unit / "bao-cao.xlsx"
    factories.write_filled(path, plan, unit, period, factories.clean_filled(plan, unit, period))
    return period


def process_of(served: "Popen[bytes]", run: str) -> psutil.Process:
    (found,) = [one for one in family_of(served) if one.environ().get("PREFECT__FLOW_RUN_ID") == run]
    return found


def coming(api: Api, period: Period) -> dict[str, set[datetime]]:
    """The runs of a period that Prefect has planned: their moments by flow."""
    scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 200}
    names = {one["id"]: one["name"] for one in api.call("POST", "/flows/filter", {})}
    moments: dict[str, set[datetime]] = {}
    for run in api.call("POST", "/flow_runs/filter", scheduled):
        if run["parameters"].get("period") == str(period):
            moment = datetime.fromisoformat(run["expected_start_time"]).astimezone(ZONE)
            moments.setdefault(names[run["flow_id"]], set()).add(moment)
    return moments


def dates_of(mine: dict[str, str]) -> dict[str, set[datetime]]:
    """What the plan's calendar says of its first month, by flow; collections aside."""
    first = json.loads(baocao(mine, "plan", "calendar", "--json"))["periods"][0]
    told = {
        "gui-bieu-mau": [first["open_at"]],
        "nhac-nop": first["reminders"],
        "bao-chua-nop": [first["close_at"]],
        "bao-cao-tong-hop": [first["report_at"]],
    }
    return {flow: {datetime.fromisoformat(one) for one in moments} for flow, moments in told.items()}


def mails_about(mail: SmtpServer, word: str) -> list[tuple[str, ...]]:
    """To whom the mails went whose subject holds this word."""
    told = [(message_from_bytes(one.content, policy=policy.default), one.recipients) for one in mail.received]
    return [recipients for message, recipients in told if word in str(message["Subject"])]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_served_month(mine: dict[str, str], served: "Popen[bytes]", mail: SmtpServer) -> None:
    api = Api(f"http://127.0.0.1:{mine['PREFECT_SERVER_API_PORT']}/api")
    wait_until(lambda: api.is_up() and len(api.call("POST", "/deployments/filter", {})) == len(FLOWS), 60)
    assert {one["name"] for one in api.call("POST", "/flows/filter", {})} == FLOWS
    period = lay(mine, "SCT")
    dates = dates_of(mine)
    wait_until(lambda: set(coming(api, period)) == {*dates, "thu-bao-cao"}, 60)
    planned = coming(api, period)
    collections = sorted(planned.pop("thu-bao-cao"))
    assert planned == dates
    assert [f"{moment:%H:%M}" for moment in collections] == ["11:00", "14:00", "17:00"]  # Prefect plans three ahead
    assert {moment.date() for moment in collections} == {moment.date() for moment in dates["gui-bieu-mau"]}

    run = api.trigger("thu-bao-cao", period=str(period), as_of=f"{period}-10T09:00")
    api.wait_for(run, states=("RUNNING",))
    kill_hard(process_of(served, run))
    assert api.wait_for(run, seconds=60) == "CRASHED"
    wait_until(lambda: bool(mail.received), 60)
    prefect({**mine, "PREFECT_API_URL": api.address}, "flow-run", "retry", run)
    assert api.wait_for(run, states=("COMPLETED", "FAILED")) == "COMPLETED"
    assert mails_about(mail, "bị lỗi") == [("canbo.tonghop@tinh-mau.example",)]
    assert mails_about(mail, "Đã tiếp nhận") == [("vanphong.sct@tinh-mau.example",)]
    assert len(mail.received) == 2

    busy = api.trigger("bao-cao-tong-hop", period=str(period), is_draft=True)
    api.wait_for(busy, states=("RUNNING",))
    family = family_of(served)
    served.send_signal(SIGTERM)
    assert served.wait(60) == 0
    assert [one for one in family if one.is_running()] == []
