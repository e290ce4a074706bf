"""The whole ``serve`` group killed in the middle of every flow: each flow runs again, and one mail tells."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from support.servers.prefects import Api, started, wait_until
from support.servers.serving import FLOWS, first_period, new_house, power_cut, serving
from support.servers.smtp import SmtpServer, smtp_server
from support.workbooks import samples

from baocao.plan.loading import load_plan

SECONDS = 120


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, mail: SmtpServer) -> dict[str, str]:
    made = new_house(tmp_path, mail, BAOCAO_WORKERS=str(len(FLOWS) + 1))
    plan, period = load_plan(Path(made["BAOCAO_PLAN"])), first_period(made)
    path = Path(made["BAOCAO_HOME"]) / "inbox" / "SCT" / "bao-cao.xlsx"
    samples.write_filled(path, plan, "SCT", period, samples.clean_filled(plan, "SCT", period))
    return made


def parameters(house: dict[str, str], flow: str) -> dict[str, str]:
    """What a flow is asked for in the plan's first month; each of them has mails to send."""
    period = first_period(house)
    days = {"gui-bieu-mau": "05", "thu-bao-cao": "10", "nhac-nop": "17", "bao-chua-nop": "20", "bao-cao-tong-hop": "24"}
    moment = {"as_of": f"{period}-{days.get(flow, '26')}T18:00"}
    return {"period": str(period), **moment} if flow in days else moment


def told(mail: SmtpServer, word: str) -> list[str]:
    """The texts of the mails that the operator got whose subject holds this word."""
    messages = [message_from_bytes(one.content, policy=policy.default) for one in mail.received]
    return [str(one.get_body(("plain",)).get_content()) for one in messages if word in str(one["Subject"])]  # type: ignore[union-attr]


def interrupted(api: Api, house: dict[str, str]) -> dict[str, str]:
    """Every flow in the middle of its work, by the id of its run: the mail server is silent."""
    runs = {flow: api.trigger(flow, **parameters(house, flow)) for flow in sorted(FLOWS)}
    for run in runs.values():
        api.wait_for(run, states=("RUNNING",))
    return runs


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_after_a_power_cut_every_flow_runs_again(house: dict[str, str], mail: SmtpServer) -> None:
    mail.faults.stall_at = "greeting"
    with serving(house) as (process, api):
        runs = interrupted(api, house)
        power_cut(process)
    mail.faults.stall_at = ""
    with serving(house) as (_, api):
        states = {flow: api.wait_for(run, seconds=SECONDS) for flow, run in runs.items()}
        assert states == dict.fromkeys(runs, "CRASHED")
        for flow in runs:
            again = api.trigger(flow, **parameters(house, flow))
            assert (flow, api.wait_for(again, seconds=SECONDS)) == (flow, "COMPLETED")
        (text,) = told(mail, "dừng giữa chừng")
        assert all(f"baocao retry {run}" in text for run in runs.values())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_command_killed_while_a_server_lives_is_told_and_caught_up_with(
    house: dict[str, str], mail: SmtpServer, tmp_path: Path
) -> None:
    period = first_period(house)
    with serving(house) as (_, api):
        mail.faults.stall_at = "greeting"
        by_hand = {**house, "PREFECT_API_URL": api.address}
        arguments = ("collect", "--period", str(period), "--as-of", f"{period}-10T09:00")
        with started(by_hand, tmp_path / "collect.log", "-m", "deployments.cli", *arguments) as command:
            wait_until(lambda: bool(by_hand_of(api)), 180)
            power_cut(command)
        mail.faults.stall_at = ""
        (run,) = by_hand_of(api)
        assert api.wait_for(run["id"], seconds=SECONDS) == "CRASHED"
        wait_until(lambda: bool(told(mail, "dừng giữa chừng")), 120)
        assert "baocao retry" not in told(mail, "dừng giữa chừng")[0]
        wait_until(lambda: caught_up(api), 180)


def by_hand_of(api: Api) -> list[dict[str, Any]]:
    """The runs that belong to no deployment and have signed which process does them."""
    runs = api.call("POST", "/flow_runs/filter", {})
    return [one for one in runs if one["deployment_id"] is None and "baocao.process" in one["labels"]]


def caught_up(api: Api) -> bool:
    """Whether a catch-up that nobody's calendar asked for has ended well."""
    mine = api.deployment("lam-bu")["id"]
    runs = api.call("POST", "/flow_runs/filter", {})
    return any(
        one["deployment_id"] == mine and not one["auto_scheduled"] and one["state_type"] == "COMPLETED" for one in runs
    )
