"""Houses that ``baocao serve`` runs in: a plan that starts next month, a port of its own, all killed at will."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen
from zoneinfo import ZoneInfo

import psutil

from baocao.domain.planned.period import Period
from baocao.plan.loading import load_plan
from support import ROOT
from support.servers.prefects import Api, Environment, baocao, environment, family_of, started, wait_until
from support.servers.smtp import SmtpServer, free_port

PLAN = ROOT / "plans" / "nhan-rong-mau"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FLOWS = {"gui-bieu-mau", "thu-bao-cao", "nhac-nop", "bao-chua-nop", "bao-cao-tong-hop", "lam-bu", "tom-tat-van-hanh"}
UP_SECONDS = 180  # under a minute on a machine of its own; tests share theirs
HURRY = {"PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "2", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}


def new_house(folder: Path, mail: SmtpServer, **more: str) -> dict[str, str]:
    """The environment of a house with a plan that starts next month, whatever today is, and a port of its own."""
    start = Period.of(datetime.now(ZONE) + timedelta(days=31))
    port = {"PREFECT_SERVER_API_PORT": str(free_port())}
    made = environment(folder / "home", folder / "ke-hoach", mail, **HURRY, **port, **more)
    baocao(made, "plan", "new", "--from", str(PLAN), "--start", str(start), "-o", made["BAOCAO_PLAN"])
    return made


def first_period(house: Environment) -> Period:
    """The first month of a house's plan."""
    return load_plan(Path(house["BAOCAO_PLAN"])).periods[0]


def address_of(house: Environment) -> str:
    """Where a house's own server listens."""
    return f"http://127.0.0.1:{house['PREFECT_SERVER_API_PORT']}/api"


def log_of(house: Environment) -> Path:
    """What ``serve`` has said in this house."""
    return Path(house["BAOCAO_HOME"]).parent / "serve.log"


@contextmanager
def serving(house: Environment, program: str = "deployments.cli") -> "Iterator[tuple[Popen[bytes], Api]]":
    """``baocao serve`` in this house, with all its flows there; it is asked to stop at the end."""
    with started(house, log_of(house), "-m", program, "serve") as process:
        api = Api(address_of(house))
        wait_until(lambda: process.poll() is not None or is_ready(api), UP_SECONDS)
        assert process.poll() is None, log_of(house).read_text()
        yield process, api


def is_ready(api: Api) -> bool:
    """Whether the server is up and every flow is there."""
    return api.is_up() and len(api.call("POST", "/deployments/filter", {})) == len(FLOWS)


def power_cut(process: "Popen[bytes]") -> None:
    """Everything dies at once, without a word."""
    family = family_of(process)
    for one in family:
        one.suspend()  # or the first to die would be mourned by the others
    for one in reversed(family):
        one.kill()
    psutil.wait_procs(family, timeout=30)
