"""The pictures of Prefect's pages for the operators' handbook, from a real ``baocao serve`` on the sample plan.

Run: ``python -m tools.prefect_pages``, while the sample plan has dates to come. Needs Chromium. The pages come from the
loopback and ask no other host.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil

from baocao.plan.loading import load_plan
from deployments.environment import CLOSED_NETWORK
from tools.browser import Browser
from tools.screenshots import save

PLAN = Path(__file__).parents[1] / "plans" / "nhan-rong-mau"
PORT = "4321"
SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running ``serve``: its pages, its API and its process."""

    address: str
    process: int

    def ask(self, path: str, document: Any = None) -> Any:
        """An answer of the API, or None while there is none."""
        data = None if document is None else json.dumps(document).encode()
        request = Request(f"{self.address}/api{path}", data, {"Content-Type": "application/json"})  # noqa: S310
        with suppress(HTTPError, URLError, OSError), urlopen(request, timeout=30) as answer:  # noqa: S310 - http to ourselves
            return json.load(answer)
        return None

    def deployment(self, flow: str) -> str:
        """The id of a flow's deployment."""
        chosen = {"flows": {"name": {"any_": [flow]}}}
        found: str = wait_for(lambda: self.ask("/deployments/filter", chosen))[0]["id"]
        return found

    def run(self, flow: str, **parameters: str) -> str:
        """Start a custom run; its id."""
        document = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        path = f"/deployments/{self.deployment(flow)}/create_flow_run"
        identifier: str = wait_for(lambda: self.ask(path, document))["id"]
        return identifier

    def wait_until(self, run: str, state: str) -> None:
        """Wait until a run is in this state."""
        wait_for(lambda: self.ask(f"/flow_runs/{run}")["state_type"] == state)

    def kill(self, run: str) -> None:
        """Kill the process of a run."""
        for child in psutil.Process(self.process).children(recursive=True):
            if child.environ().get("PREFECT__FLOW_RUN_ID") == run:
                child.send_signal(signal.SIGKILL)


def wait_for(ask: Callable[[], Any]) -> Any:
    """The first answer that is one.

    Raises:
        TimeoutError: none came.
    """
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(TypeError):  # the server is busy
            if answer := ask():
                return answer
        time.sleep(0.5)
    raise TimeoutError


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """``serve`` on an empty home, for the length of the block."""
    mine = {"BAOCAO_HOME": str(home), "BAOCAO_PLAN": str(PLAN), "PREFECT_SERVER_API_PORT": PORT, **CLOSED_NETWORK}
    command = [sys.executable, "-m", "deployments.cli", "serve"]
    process = subprocess.Popen(command, env={**os.environ, **mine}, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield Server(f"http://127.0.0.1:{PORT}", process.pid)
    finally:
        process.terminate()
        process.wait(SECONDS)


def main() -> None:
    """Serve, let a run be killed and mended, and take every picture."""
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as server, Browser() as browser:
        period = str(load_plan(PLAN).periods[0])

        def take(name: str, path: str, text: str, height: int) -> None:
            with browser.open(f"{server.address}{path}", 1200, height) as visit:
                wait_for(lambda: visit.evaluate(f"document.body.innerText.includes({json.dumps(text)})"))
                time.sleep(3)  # the page fills in its lines one by one
                save(name, visit.picture(height))
                print(sorted({one.split("/")[2] for one in visit.requests if one.startswith("http")}))

        server.deployment("tom-tat-van-hanh")  # the last one to be there
        take("prefect-luong", "/deployments", "gui-bieu-mau", 620)
        take("prefect-tu-chay", f"/deployments/deployment/{server.deployment('thu-bao-cao')}/run", "Submit", 960)
        killed = server.run("thu-bao-cao", period=period, as_of=f"{period}-10T09:00")
        server.wait_until(killed, "RUNNING")
        server.kill(killed)
        server.wait_until(killed, "CRASHED")
        take("prefect-loi", f"/runs/flow-run/{killed}", "Crashed", 620)
        forms = server.run("gui-bieu-mau", period=period, as_of=f"{period}-02T08:00")
        server.wait_until(forms, "COMPLETED")
        take("prefect-lan-chay", f"/runs/flow-run/{forms}", "Completed", 620)


if __name__ == "__main__":
    main()
