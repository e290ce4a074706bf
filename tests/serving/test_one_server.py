"""The server under ``serve`` is ours: a taken port is told, a dead one comes back, an orphan of ours is ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest
from support.servers.prefects import Api, baocao, kill_hard, refused, started, wait_until
from support.servers.serving import UP_SECONDS, address_of, first_period, is_ready, log_of, new_house, serving
from support.servers.smtp import SmtpServer, free_port

from baocao.plan.loading import load_plan
from baocao.system import lease
from baocao.system.errors import UsageError
from baocao.workspace.serving import Serving, living_server, note_serving, read_serving
from deployments.serving.server import Server, end_orphan

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mail: SmtpServer) -> dict[str, str]:
    return new_house(tmp_path_factory.mktemp("mot-may-chu"), mail)


@pytest.fixture
def sleeper() -> "Iterator[subprocess.Popen[bytes]]":
    """A process that is nobody's server."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


class Healthy(BaseHTTPRequestHandler):
    """Answers every question with 200, as another's Prefect server does the one for its health."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.slow
def test_a_port_where_another_server_answers_is_refused_with_the_setting_to_change(tmp_path: Path) -> None:
    stranger = HTTPServer(("127.0.0.1", 0), Healthy)
    Thread(target=stranger.serve_forever, daemon=True).start()
    port = str(stranger.server_address[1])
    try:
        code, complaint = refused(tmp_path, "serve", PREFECT_SERVER_API_PORT=port)
    finally:
        stranger.shutdown()
        stranger.server_close()
    assert (code, f"cổng {port}" in complaint, "PREFECT_SERVER_API_PORT" in complaint) == (2, True, True)


@pytest.mark.slow
def test_a_server_of_others_that_is_away_is_told_with_the_setting(tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}/api"
    code, complaint = refused(tmp_path, "serve", PREFECT_API_URL=away)
    assert (code, f"PREFECT_API_URL={away}" in complaint) == (4, True)


@pytest.mark.parametrize("port", ["khong", "0", "70000", "٤٢"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_PORT", port)
    with pytest.raises(UsageError, match="PREFECT_SERVER_API_PORT"):
        Server(tmp_path)


@pytest.mark.slow
def test_a_server_that_dies_while_it_starts_is_told_with_its_log(tmp_path: Path) -> None:
    broken = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////proc/khong/co.db"}
    code, complaint = refused(tmp_path, "serve", PREFECT_SERVER_API_PORT=str(free_port()), **broken)
    assert (code, "tự dừng" in complaint, "server.log" in complaint) == (4, True, True)


def test_only_our_own_orphan_is_ended(tmp_path: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    gone = f"{os.uname().nodename}|{sleeper.pid}|-1.00"
    mine = lease.this_process()
    sleeping = lease.identity(sleeper.pid)
    for server, serve in ((gone, gone), (sleeping, mine), (sleeping.replace("|", "x|", 1), gone)):
        note_serving(tmp_path, Serving("http://127.0.0.1:1/api", server, serve))
        end_orphan(tmp_path)
        assert sleeper.poll() is None
    note_serving(tmp_path, Serving("http://127.0.0.1:1/api", sleeping, gone))
    end_orphan(tmp_path)
    assert lease.is_gone(sleeping)
    assert read_serving(tmp_path) is None


def test_a_record_that_is_spoilt_or_of_a_process_without_the_port_leads_nowhere(
    tmp_path: Path, sleeper: "subprocess.Popen[bytes]"
) -> None:
    for spoilt in (b"", b"{", b"[]", b'{"address": 1}'):
        (tmp_path / "serve.json").write_bytes(spoilt)
        assert living_server(tmp_path) is None
    serving_now = Serving(f"http://127.0.0.1:{free_port()}/api", lease.identity(sleeper.pid), lease.this_process())
    note_serving(tmp_path, serving_now)
    assert living_server(tmp_path) is None


def server_of(house: dict[str, str]) -> psutil.Process:
    found = read_serving(Path(house["BAOCAO_HOME"]))
    assert found is not None
    return psutil.Process(found.server_pid)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_retry_finds_the_server_which_comes_back_when_killed_and_whose_orphan_is_ended(
    house: dict[str, str], mail: SmtpServer
) -> None:
    with started(house, log_of(house), "-m", "deployments.cli", "serve") as process:
        api = Api(address_of(house))
        wait_until(lambda: is_ready(api), UP_SECONDS)
        retried_from_a_plain_shell(house, api)
        busy_while_the_server_is_killed(house, api, mail)
        orphan = server_of(house)
        kill_hard(psutil.Process(process.pid))
        process.wait(30)
    try:
        assert orphan.is_running()
        with serving(house) as (_, api):
            wait_until(lambda: not orphan.is_running(), UP_SECONDS)  # until then it is the orphan that answers
            wait_until(lambda: is_ready(api), UP_SECONDS)
            assert api.wait_for(api.trigger("tom-tat-van-hanh"), seconds=120) == "COMPLETED"
            named_after_the_plan(house, api)
    finally:
        with suppress(psutil.NoSuchProcess):
            kill_hard(orphan)


def retried_from_a_plain_shell(house: dict[str, str], api: Api) -> None:
    """A failed run is run again by its number; what is no run of a deployment is refused with what to do instead."""
    home, period = Path(house["BAOCAO_HOME"]), first_period(house)
    failed = api.trigger("thu-bao-cao", period="2031-01")
    assert api.wait_for(failed) == "FAILED"
    count = api.run(failed)["run_count"]
    assert f"/runs/flow-run/{failed}" in baocao(house, "retry", failed)
    wait_until(lambda: api.run(failed)["run_count"] > count, 120)
    code, complaint = refused(home, "retry", NOBODY, **house)
    assert (code, "không có lần chạy" in complaint) == (2, True)
    by_hand = {**house, "PREFECT_API_URL": api.address}
    baocao(by_hand, "collect", "--period", str(period), "--as-of", f"{period}-10T09:00")
    run = next(one for one in api.call("POST", "/flow_runs/filter", {}) if one["deployment_id"] is None)
    code, complaint = refused(home, "retry", run["id"], **house)
    assert (code, "baocao catch-up" in complaint) == (2, True)


def busy_while_the_server_is_killed(house: dict[str, str], api: Api, mail: SmtpServer) -> None:
    """The run goes on when the server is back; meanwhile a second ``serve`` is refused."""
    period = first_period(house)
    mail.faults.stall_at = "greeting"
    busy = api.trigger("gui-bieu-mau", period=str(period), as_of=f"{period}-05T08:00")
    api.wait_for(busy, states=("RUNNING",))
    kill_hard(server_of(house))
    wait_until(lambda: not api.is_up(), 30)
    wait_until(api.is_up, UP_SECONDS)
    mail.faults.stall_at = ""
    other = {**house, "PREFECT_SERVER_API_PORT": str(free_port())}
    code, complaint = refused(Path(house["BAOCAO_HOME"]), "serve", **other)
    assert (code, "baocao serve khác" in complaint) == (2, True)
    assert api.wait_for(busy, seconds=240) == "COMPLETED"
    assert api.wait_for(api.trigger("tom-tat-van-hanh"), seconds=120) == "COMPLETED"


def named_after_the_plan(house: dict[str, str], api: Api) -> None:
    """Every deployment and every schedule bears the plan's code, in Vietnamese."""
    plan = load_plan(Path(house["BAOCAO_PLAN"])).code
    deployments = api.call("POST", "/deployments/filter", {})
    assert len(deployments) == 7
    assert all(one["name"].endswith(f" ({plan})") for one in deployments)
    slugs = [schedule["slug"] for one in deployments for schedule in one["schedules"]]
    assert all(slug.endswith(f"-{plan}") for slug in slugs)
    assert f"lam-bu-khi-khoi-dong-{plan}" in slugs


@pytest.mark.slow
def test_retry_where_nothing_serves_is_told_what_to_do(house: dict[str, str]) -> None:
    home = Path(house["BAOCAO_HOME"])
    assert refused(home, "retry", "abc", **house)[0] == 2
    code, complaint = refused(home, "retry", NOBODY, **house)
    assert (code, "baocao catch-up" in complaint) == (4, True)
