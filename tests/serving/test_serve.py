"""``baocao serve`` as a process of its own: up soon, on the calendar's dates, mends what was killed, leaves nothing."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from signal import SIGTERM
from subprocess import Popen
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psutil
import pytest
from support import ROOT
from support.servers.prefects import Api, baocao, environment, family_of, kill_hard, prefect, started, wait_until
from support.servers.serving import UP_SECONDS
from support.servers.smtp import SmtpServer, free_port
from support.workbooks import samples

from baocao.domain.planned.period import Period
from baocao.plan.loading import load_plan
from baocao.reporting.prepared import latest_report
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace
from tools.browser import CHROMIUM, Browser, Visit

PLAN = ROOT / "plans" / "nhan-rong-mau"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TIMED = {"gui-bieu-mau", "thu-bao-cao", "nhac-nop", "bao-chua-nop", "bao-cao-tong-hop"}
FLOWS = TIMED | {"lam-bu", "tom-tat-van-hanh"}
PAGES = ("/", "/runs", "/deployments", "/v2/deployments", "/settings")
NEWER = "document.cookie = 'prefect_ui_version=v2; path=/'; localStorage.setItem('prefect-ui-version', 'v2')"
"""What a browser keeps in which a person once chose the newer pages."""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory, mail: SmtpServer) -> dict[str, str]:
    """A house with a plan that starts next month, whatever today is."""
    folder = tmp_path_factory.mktemp("phuc-vu")
    start = Period.of(datetime.now(ZONE) + timedelta(days=31))
    hurry = {"PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "2", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}
    made = environment(folder / "home", folder / "ke-hoach", mail, BAOCAO_APPROVAL="required", **hurry)
    baocao(made, "plan", "new", "--from", str(PLAN), "--start", str(start), "-o", made["BAOCAO_PLAN"])
    return made


@pytest.fixture(scope="module")
def served(mine: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator["Popen[bytes]"]:
    """One ``serve`` for all tests here; the last one stops it."""
    port = str(free_port())
    log = tmp_path_factory.mktemp("so-tay") / "serve.log"
    with started({**mine, "PREFECT_SERVER_API_PORT": port}, log, "-m", "deployments.cli", "serve") as process:
        api = Api(f"http://127.0.0.1:{port}/api")
        wait_until(lambda: api.is_up() and len(api.call("POST", "/deployments/filter", {})) == len(FLOWS), UP_SECONDS)
        mine["PREFECT_API_URL"] = api.address
        yield process


@pytest.fixture
def api(mine: dict[str, str], served: "Popen[bytes]") -> Api:
    return Api(mine["PREFECT_API_URL"])


def periods(mine: dict[str, str]) -> Sequence[Period]:
    return load_plan(Path(mine["BAOCAO_PLAN"])).periods


def open_house(mine: dict[str, str]) -> Workspace:
    home, plan = Path(mine["BAOCAO_HOME"]), Path(mine["BAOCAO_PLAN"])
    return Workspace(load_settings(home=home, plan=plan, _env_file=None))


def lay(mine: dict[str, str], unit: str) -> Period:
    """A workbook of the plan's first month in a unit's folder."""
    plan = load_plan(Path(mine["BAOCAO_PLAN"]))
    period = plan.periods[0]
    path = Path(mine["BAOCAO_HOME"]) / "inbox" / unit / "bao-cao.xlsx"
    samples.write_filled(path, plan, unit, period, samples.clean_filled(plan, unit, period))
    return period


def process_of(served: "Popen[bytes]", run: str) -> psutil.Process:
    (found,) = [one for one in family_of(served) if one.environ().get("PREFECT__FLOW_RUN_ID") == run]
    return found


def coming(api: Api, period: Period) -> dict[str, set[datetime]]:
    """The runs of a period that Prefect has planned: their moments by flow; a collection is of its month."""
    scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 200}
    names = {one["id"]: one["name"] for one in api.call("POST", "/flows/filter", {})}
    moments: dict[str, set[datetime]] = {}
    for run in api.call("POST", "/flow_runs/filter", scheduled):
        name, moment = names[run["flow_id"]], datetime.fromisoformat(run["expected_start_time"]).astimezone(ZONE)
        if run["parameters"].get("period", f"{moment:%Y-%m}") == str(period) and name in TIMED:
            moments.setdefault(name, set()).add(moment)
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


def published(mine: dict[str, str], period: Period) -> list[str]:
    """The mails that brought a period's report to its readers."""
    return sorted(one.name for one in (Path(mine["BAOCAO_HOME"]) / "outbox").glob(f"report~{period}~*.eml"))


@pytest.mark.slow
def test_every_flow_is_there_on_the_dates_of_the_calendar(mine: dict[str, str], api: Api) -> None:
    assert {one["name"] for one in api.call("POST", "/flows/filter", {})} == FLOWS
    dates, period = dates_of(mine), periods(mine)[0]
    wait_until(lambda: set(coming(api, period)) == {*dates, "thu-bao-cao"}, 120)
    planned = coming(api, period)
    collections = sorted(planned.pop("thu-bao-cao"))
    assert planned == dates
    assert [f"{moment:%H:%M}" for moment in collections] == ["11:00", "14:00", "17:00"]  # Prefect plans three ahead
    assert {moment.date() for moment in collections} == {moment.date() for moment in dates["gui-bieu-mau"]}


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_prefects_pages_ask_no_other_host_whatever_a_browser_chose_once(api: Api) -> None:
    address = api.address.removesuffix("/api")
    asked: set[str] = set()
    with Browser() as browser:
        for path in PAGES:
            with browser.open(f"{address}{path}", 1200) as visit:
                settle(visit)
                visit.evaluate(NEWER)
                visit.page.reload()
                settle(visit)
                asked |= {one.netloc for one in map(urlsplit, visit.requests) if one.scheme in ("http", "https", "ws")}
    assert asked == {urlsplit(address).netloc}


def settle(visit: Visit) -> None:
    """Wait until the page shows something, and asks for nothing more for a while."""
    wait_until(lambda: len(str(visit.evaluate("document.body.innerText"))) > 20, 60)
    visit.page.wait_for_load_state("networkidle")


@pytest.mark.slow
def test_a_killed_run_is_told_once_and_retried(
    mine: dict[str, str], served: "Popen[bytes]", api: Api, mail: SmtpServer
) -> None:
    period = lay(mine, "SCT")
    run = api.trigger("thu-bao-cao", period=str(period), as_of=f"{period}-10T09:00")
    api.wait_for(run, states=("RUNNING",))
    kill_hard(process_of(served, run))
    assert api.wait_for(run) == "CRASHED"
    wait_until(lambda: bool(mail.received), 120)
    prefect(mine, "flow-run", "retry", run)
    assert api.wait_for(run, states=("COMPLETED", "FAILED")) == "COMPLETED"
    assert mails_about(mail, "bị lỗi") == [("canbo.tonghop@tinh-mau.example",)]
    assert mails_about(mail, "Đã tiếp nhận") == [("vanphong.sct@tinh-mau.example",)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_suspended_reports_go_out_once_when_approved_and_never_when_refused(
    mine: dict[str, str], api: Api, mail: SmtpServer
) -> None:
    by_page, by_command, refused = periods(mine)[:3]
    runs = {one: api.trigger("bao-cao-tong-hop", period=str(one), as_of=f"{one}-24T08:00") for one in periods(mine)[:3]}
    for run in runs.values():  # one after the other: a suspended run keeps no other one waiting
        assert api.wait_for(run, states=("PAUSED", "FAILED")) == "PAUSED"
    again = api.trigger("lam-bu", as_of=f"{by_page}-25T07:30")
    assert api.wait_for(again) == "COMPLETED"  # it reminds the approver and waits for nobody
    assert len(list((Path(mine["BAOCAO_HOME"]) / "outbox").glob(f"approve~{by_page}~*.eml"))) == 2
    assert [published(mine, one) for one in runs] == [[], [], []]

    api.resume(runs[by_page], decision="Duyệt", name="Nguyễn Văn Mẫu")
    without = {"decision": "Không duyệt", "name": "Trần Thị Mẫu", "reason": " "}
    assert api.call("POST", f"/flow_runs/{runs[refused]}/resume", {"run_input": without})["status"] == "REJECT"
    api.resume(runs[refused], decision="Không duyệt", name="Trần Thị Mẫu", reason="số liệu cần xem lại")
    baocao(mine, "report", "--period", str(by_command), "--as-of", f"{by_command}-24T08:00", "--approve", "Lê Văn Mẫu")
    assert {api.wait_for(run) for run in runs.values()} == {"COMPLETED"}
    assert [published(mine, one) for one in (by_page, by_command)] == [
        [f"report~{by_page}~v1.eml"],
        [f"report~{by_command}~v1.eml"],
    ]
    baocao(mine, "report", "--period", str(refused), "--as-of", f"{refused}-25T08:00")
    assert published(mine, refused) == []
    letters = [f"{one.recipients} {message_from_bytes(one.content)['Message-ID']}" for one in mail.received]
    assert len(set(letters)) == len(letters)
    record = latest_report(open_house(mine), refused)
    assert record is not None
    assert (record.state, record.decided_by, record.decision_reason) == (
        "refused",
        "Trần Thị Mẫu",
        "số liệu cần xem lại",
    )


@pytest.mark.slow
def test_sigterm_in_the_middle_of_a_run_leaves_nothing(mine: dict[str, str], served: "Popen[bytes]", api: Api) -> None:
    period = periods(mine)[0]
    busy = api.trigger("bao-cao-tong-hop", period=str(period), is_draft=True, as_of=f"{period}-10T09:00")
    api.wait_for(busy, states=("RUNNING",))
    family = family_of(served)
    served.send_signal(SIGTERM)
    assert served.wait(180) == 0
    assert [one for one in family if one.is_running()] == []
