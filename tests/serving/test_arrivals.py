"""What arrives while ``serve`` runs is answered within a minute, by folder and by mail; a killed watch goes on."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
import yaml
from support.mail.mailboxes import OURS, letter
from support.months.now import ZONE, Today, midnight_of, plan_around
from support.servers.imap import PASSWORD, USER, ImapServer
from support.servers.prefects import Api, environment, family_of, kill_hard, wait_until
from support.servers.serving import HURRY, serving
from support.servers.smtp import SmtpServer, free_port

from baocao.oversight.troubles import open_troubles
from deployments.watching.arrivals import ARRIVED

UNWANTED = {"great_expectations", "pandas", "matplotlib", "openpyxl", "docx", "typst"}
WATCHING, SERVER, RUNNING = "deployments.watching.child", "deployments.serving.pages", "prefect.engine"
PATIENCE = 240.0  # of a machine that tests share; the time itself is printed and held to in the benchmark


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Today:
    """A plan of one open month in which nobody works today: arrivals are answered on a day off, too."""
    made = plan_around(midnight_of(datetime.now(UTC)), tmp_path_factory.mktemp("ke-hoach"))
    path = made.folder / "plan.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    day = datetime.now(ZONE).date()
    data["calendar"]["cycles"] = [one for one in data["calendar"]["cycles"] if one["first"] == str(made.open)]
    data["calendar"]["overrides"] |= {day: False, day.replace(day=1): True}  # the month opens on its first working day
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, today: Today, mailbox: ImapServer, mail: SmtpServer
) -> dict[str, str]:
    imap = {
        "BAOCAO_INTAKE": "both",
        "BAOCAO_IMAP_HOST": mailbox.host,
        "BAOCAO_IMAP_PORT": str(mailbox.plain),
        "BAOCAO_IMAP_USER": USER,
        "BAOCAO_IMAP_PASSWORD": PASSWORD,
        "BAOCAO_IMAP_SECURITY": "none",
        "BAOCAO_TRUSTED_AUTHSERV": OURS,
    }
    mailbox.empty()
    port = {"PREFECT_SERVER_API_PORT": str(free_port())}
    return environment(tmp_path_factory.mktemp("nha") / "home", today.folder, mail, **HURRY, **port, **imap)


@pytest.fixture(scope="module")
def served(house: dict[str, str]) -> "Iterator[tuple[Popen[bytes], Api]]":
    with serving(house) as (process, api):
        wait_until(lambda: bool(finished(api, "lam-bu")), PATIENCE)  # what was due at the start is done
        yield process, api


def finished(api: Api, flow: str) -> list[dict[str, object]]:
    chosen = {"flows": {"name": {"any_": [flow]}}, "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    found: list[dict[str, object]] = api.call("POST", "/flow_runs/filter", chosen)
    return found


def places_told(api: Api) -> set[str]:
    """The places at which Prefect was told that something had arrived."""
    told = api.call("POST", "/events/filter", {"filter": {"event": {"name": [ARRIVED]}}})["events"]
    return {one["payload"]["noi"] for one in told}


def answers(house: dict[str, str], unit: str) -> list[Path]:
    return list((Path(house["BAOCAO_HOME"]) / "outbox").glob(f"answer~*~{unit}~*.eml"))


def seconds_until(is_so: Callable[[], bool]) -> float:
    since = time.monotonic()
    wait_until(is_so, PATIENCE)
    return time.monotonic() - since


def modules_of_an_empty_collection(house: dict[str, str]) -> set[str]:
    """What the real command has imported when it ends, with nothing to take in."""
    code = "import atexit, json, sys; from deployments.cli import main; sys.argv[1:] = ['collect']; "
    code += "atexit.register(lambda: print('\\n' + json.dumps(list(sys.modules)))); main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=house, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def processes(serve: "Popen[bytes]", module: str) -> set[psutil.Process]:
    """Those below ``serve`` that run a module."""
    found = set()
    for one in family_of(serve):
        with suppress(psutil.Error):
            found |= {one} if module in one.cmdline() else set()
    return found


def mails_about(mail: SmtpServer, word: str) -> list[tuple[str, ...]]:
    """To whom went the mails whose subject holds a word."""
    mails = [(message_from_bytes(one.content, policy=policy.default), one.recipients) for one in mail.received]
    return [tuple(recipients) for message, recipients in mails if word in str(message["Subject"])]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_file_and_a_mail_are_answered_soon_by_runs_that_prefect_names(
    house: dict[str, str], served: "tuple[Popen[bytes], Api]", today: Today, mailbox: ImapServer, tmp_path: Path
) -> None:
    process, api = served
    today.fill(Path(house["BAOCAO_HOME"]) / "inbox", "SCT", today.open)
    by_folder = seconds_until(lambda: bool(answers(house, "SCT")))
    wait_until(lambda: not processes(process, RUNNING), PATIENCE)  # or that run would take the mail, too
    unit = today.plan.unit_by_code["SNV"]
    data = today.fill(tmp_path, "SNV", today.open).read_bytes()
    mailbox.put(letter([("bao-cao.xlsx", data)], sender=unit.email).as_bytes())
    by_mail = seconds_until(lambda: bool(answers(house, "SNV")))
    print(f"answered: folder {by_folder:.0f} s, mail {by_mail:.0f} s")
    assert len(finished(api, "thu-bao-cao")) >= 1
    wait_until(lambda: places_told(api) == {"thư mục", "hộp thư"}, PATIENCE)  # Prefect stores events in batches
    (automation,) = api.call("POST", "/automations/filter", {})
    assert automation["name"].startswith("Có tệp hoặc thư đến")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_killed_watch_server_and_run_lose_nothing_and_answer_once_and_a_command_uses_the_server(
    house: dict[str, str], served: "tuple[Popen[bytes], Api]", today: Today, mail: SmtpServer
) -> None:
    process, api = served
    for _ in range(2):
        (killed,) = processes(process, WATCHING)
        kill_hard(killed)
        wait_until(lambda: processes(process, WATCHING) - {killed}, 60)  # noqa: B023 - asked before the next round
    wait_until(lambda: bool(mails_about(mail, "Tiến trình canh")), PATIENCE)
    assert [one.flow for one in open_troubles(Path(house["BAOCAO_HOME"]))] == ["canh-noi-nhan"]

    wait_until(lambda: not processes(process, RUNNING), PATIENCE)
    for one in processes(process, SERVER):
        kill_hard(one)
    laid = today.fill(Path(house["BAOCAO_HOME"]) / "inbox", "STTTT", today.open)
    wait_until(lambda: not laid.exists(), PATIENCE)
    for one in processes(process, RUNNING):
        kill_hard(one)  # it has the file and has answered nothing
    sender = (today.plan.unit_by_code["STTTT"].email,)
    wait_until(lambda: sender in mails_about(mail, "Đã tiếp nhận"), PATIENCE)
    wait_until(lambda: not processes(process, RUNNING), PATIENCE)

    before = len(api.call("POST", "/flow_runs/filter", {"flow_runs": {"deployment_id": {"is_null_": True}}}))
    assert not UNWANTED & modules_of_an_empty_collection(house)
    by_hand = api.call("POST", "/flow_runs/filter", {"flow_runs": {"deployment_id": {"is_null_": True}}})
    assert len(by_hand) == before + 1
    assert len(mails_about(mail, "Tiến trình canh")) == 1
    assert mails_about(mail, "Đã tiếp nhận").count(sender) == 1
