"""The whole ``serve`` group killed in the middle of every flow, or its disk full: each runs again, and a mail tells."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
import pytest
from support.servers.prefects import FINAL, Api, family_of, started, wait_until
from support.servers.serving import FLOWS, first_period, log_of, new_house, power_cut, serving
from support.servers.smtp import SmtpServer
from support.stores.disks import Disk, filled, small
from support.workbooks import samples

from baocao.plan.loading import load_plan

SECONDS = 300  # on a machine that does other things, too
STOPPED, CATCH_UP, COLLECT = "dừng giữa chừng", "lam-bu", "thu-bao-cao"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small(tmp_path / "dia", 96 << 20) as made:
        yield made


@pytest.fixture
def house(disk: Disk, server: SmtpServer) -> dict[str, str]:
    """A house on a small disk, with all that Prefect keeps."""
    made = new_house(disk.place, server, BAOCAO_WORKERS=str(len(FLOWS) + 1))
    lay(made, "SCT")
    return made


def lay(house: dict[str, str], unit: str) -> None:
    """A workbook of the plan's first month in a unit's folder."""
    plan, period = load_plan(Path(house["BAOCAO_PLAN"])), first_period(house)
    path = Path(house["BAOCAO_HOME"]) / "inbox" / unit / "bao-cao.xlsx"
    samples.write_filled(path, plan, unit, period, samples.clean_filled(plan, unit, period))


def parameters(house: dict[str, str], flow: str) -> dict[str, str]:
    """What a flow is asked for in the plan's first month; each of them has mails to send."""
    period = first_period(house)
    days = {"gui-bieu-mau": "05", "thu-bao-cao": "10", "nhac-nop": "17", "bao-chua-nop": "20", "bao-cao-tong-hop": "24"}
    moment = {"as_of": f"{period}-{days.get(flow, '26')}T18:00"}
    return {"period": str(period), **moment} if flow in days else moment


def told(server: SmtpServer, word: str) -> list[str]:
    """The texts of the mails that the operator got whose subject holds this word."""
    messages = [message_from_bytes(one.content, policy=policy.default) for one in server.received]
    return [str(one.get_body(("plain",)).get_content()) for one in messages if word in str(one["Subject"])]  # type: ignore[union-attr]


def interrupted(api: Api, house: dict[str, str]) -> dict[str, str]:
    """Every flow in the middle of its work, by the id of its run: the mail server is silent.

    The collection has filed its workbook before the others begin, so that a report's facts are the same afterwards.
    """
    answer = Path(house["BAOCAO_HOME"]) / "outbox" / f"answer~{first_period(house)}~SCT~v1.eml"
    collection = api.trigger(COLLECT, **parameters(house, COLLECT))
    wait_until(answer.exists, SECONDS)
    others = {flow: api.trigger(flow, **parameters(house, flow)) for flow in sorted(FLOWS - {COLLECT})}
    runs = {COLLECT: collection, **others}
    for run in runs.values():
        api.wait_for(run, states=("RUNNING",))
    return runs


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1500)
def test_every_flow_runs_again_after_a_power_cut_a_killed_command_and_a_full_disk(
    house: dict[str, str], server: SmtpServer, tmp_path: Path, disk: Disk
) -> None:
    server.faults.stall_at = "greeting"
    with serving(house) as (process, api):
        runs = interrupted(api, house)
        power_cut(process)
    server.faults.stall_at = ""
    with serving(house, "support.servers.hurried") as (process, api):
        states = {flow: api.wait_for(run, seconds=SECONDS) for flow, run in runs.items()}
        assert states == dict.fromkeys(runs, "CRASHED")
        again = {flow: api.trigger(flow, **parameters(house, flow)) for flow in runs}
        ended = {flow: api.wait_for(run, seconds=2 * SECONDS) for flow, run in again.items()}
        assert ended == dict.fromkeys(runs, "COMPLETED"), "\n".join(
            line for line in log_of(house).read_text().splitlines() if "ERROR" in line or "Error" in line
        )[-4000:]
        (text,) = told(server, STOPPED)
        assert all(f"baocao retry {run}" in text for run in runs.values())

        killed = killed_by_hand(api, house, tmp_path)
        assert api.wait_for(killed, seconds=SECONDS) == "CRASHED"
        wait_until(lambda: len(told(server, STOPPED)) == 2, SECONDS)
        assert "baocao retry" not in told(server, STOPPED)[1]
        wait_until(lambda: caught_up(api, {runs[CATCH_UP], again[CATCH_UP]}), SECONDS)

        stopped = stopped_by_a_full_disk(api, house, disk, process)
        assert api.wait_for(stopped, seconds=SECONDS) in FINAL  # the step is tried again, unless the whole run fell
        next_one = api.trigger(COLLECT, **parameters(house, COLLECT))
        assert api.wait_for(next_one, seconds=SECONDS) == "COMPLETED"
        wait_until(lambda: len(answers(server)) == 2, SECONDS)
    assert sorted(Counter(answers(server)).values()) == [1, 1]


def stopped_by_a_full_disk(api: Api, house: dict[str, str], disk: Disk, serving: "Popen[bytes]") -> str:
    """The id of a run that had a file to take in when the disk became full; there is room again once it has told so."""
    lay(house, "SNV")
    run = api.trigger(COLLECT, **parameters(house, COLLECT))
    api.wait_for(run, states=("RUNNING",))
    with filled(disk, family_of(serving)):
        wait_until(lambda: "Không ghi được" in log_of(house).read_text() or not has_process(serving, run), SECONDS)
    return run


def has_process(serving: "Popen[bytes]", run: str) -> bool:
    """Whether a process of ``serve`` still does this run."""
    found = set()
    for one in family_of(serving):
        with suppress(psutil.Error):
            found.add(one.environ().get("PREFECT__FLOW_RUN_ID"))
    return run in found


def answers(server: SmtpServer) -> list[str]:
    """Every letter about a workbook that was taken, by what makes it one of its kind."""
    messages = [message_from_bytes(one.content, policy=policy.default) for one in server.received]
    return [str(one["Message-ID"]) for one in messages if "Đã tiếp nhận" in str(one["Subject"])]


def killed_by_hand(api: Api, house: dict[str, str], folder: Path) -> str:
    """The id of a run that a command did, until it was killed in the middle: it waits for the database."""
    arguments = (
        "report",
        "--period",
        str(first_period(house)),
        "--as-of",
        f"{first_period(house)}-24T19:00",
    )
    by_hand = {**house, "PREFECT_API_URL": api.address}
    with (
        written_by_another(Path(house["BAOCAO_HOME"]) / "baocao.db"),
        started(by_hand, folder / "command.log", "-m", "deployments.cli", *arguments) as command,
    ):
        wait_until(lambda: bool(by_hand_of(api)), SECONDS)
        power_cut(command)
    (run,) = by_hand_of(api)
    identifier: str = run["id"]
    return identifier


@contextmanager
def written_by_another(database: Path) -> Iterator[None]:
    """Nobody else can write into this database within the block."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=SECONDS)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def by_hand_of(api: Api) -> list[dict[str, Any]]:
    """The runs that belong to no deployment, nor to a catch-up, and have signed which process does them."""
    runs = api.call("POST", "/flow_runs/filter", {})
    alone = [one for one in runs if one["deployment_id"] is None and one["parent_task_run_id"] is None]
    return [one for one in alone if "baocao.process" in one["labels"]]


def caught_up(api: Api, asked_for: set[str]) -> bool:
    """Whether a catch-up that neither the calendar nor anybody asked for has ended well."""
    mine = api.deployment(CATCH_UP)["id"]
    runs = [one for one in api.call("POST", "/flow_runs/filter", {}) if one["deployment_id"] == mine]
    return any(
        one["state_type"] == "COMPLETED" for one in runs if not one["auto_scheduled"] and one["id"] not in asked_for
    )
