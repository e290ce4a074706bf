"""Real Prefect servers, workers and command lines as processes of their own, for the tests of what runs by itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from deployments.environment import CLOSED_NETWORK, IN_BATCHES, NO_BLOCKS
from deployments.prefect_home.database import lay_database
from support import ROOT, TESTS
from support.servers.smtp import SmtpServer, free_port

FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
Environment = Mapping[str, str]


def environment(home: Path, plan: Path, server: SmtpServer, **more: str) -> dict[str, str]:
    """What a process of this house needs, free of this process's own settings; Prefect's data lie beside the home."""
    return {
        **clean_environment(),
        "BAOCAO_HOME": str(home),
        "BAOCAO_PLAN": str(plan),
        "BAOCAO_SMTP_HOST": server.host,
        "BAOCAO_SMTP_PORT": str(server.port),
        "BAOCAO_SMTP_SECURITY": "none",
        "BAOCAO_PORTAL_PORT": "0",  # off, but where a test is about it
        "PREFECT_HOME": str(home.parent / "prefect"),
        **more,
    }


def clean_environment() -> dict[str, str]:
    """This process's environment without its settings of ours and of Prefect's; nothing goes outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    return {**kept, **CLOSED_NETWORK, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}


def baocao(environment: Environment, *arguments: str) -> str:
    """Run our command line to its end; what it printed."""
    return _run(environment, "-m", "deployments.cli", *arguments)


def prefect(environment: Environment, *arguments: str) -> str:
    """Run Prefect's own command line to its end; what it printed."""
    return _run(environment, "-m", "prefect", *arguments)


def _run(environment: Environment, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def refused(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run our command line on a home; its code and what it complained of."""
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *arguments],
        env={**clean_environment(), "BAOCAO_HOME": str(home), **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


@contextmanager
def started(environment: Environment, log: Path, *arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A Python program (``-m …``) that is asked to stop at the end; what it started does not outlive it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        family = family_of(process)
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=60)
        for one in alive:
            one.kill()
        process.wait(30)


def family_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """A running process and all that it started; nothing where it has ended."""
    try:
        first = psutil.Process(process.pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def prefect_server(environment: Environment, database: str = "") -> "Iterator[Api]":
    """A Prefect server on a free port of the loopback, and its own database; its API.

    What is slow at its start, and in each step of each task, is done as a command's own server does it.
    """
    port = str(free_port())
    own = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": database} if database else {}
    folder = Path(environment["PREFECT_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    lay_database(folder)
    start = ("-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port)
    with started({**NO_BLOCKS, **IN_BATCHES, **environment, **own}, folder / "server.log", *start):
        api = Api(f"http://127.0.0.1:{port}/api")
        wait_until(api.is_up, 120)
        yield api


@dataclass(frozen=True)
class Api:
    """A Prefect server's API, as its pages in the browser use it."""

    address: str

    def call(self, method: str, path: str, document: Any = None) -> Any:
        deadline = time.monotonic() + 60
        answer = httpx.request(method, f"{self.address}{path}", json=document, timeout=60)
        while (
            answer.status_code == 503 and time.monotonic() < deadline
        ):  # its SQLite is busy; Prefect's client waits too
            time.sleep(0.5)
            answer = httpx.request(method, f"{self.address}{path}", json=document, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def is_up(self) -> bool:
        try:
            return bool(self.call("GET", "/health"))
        except httpx.HTTPError:
            return False

    def deployment(self, flow: str) -> dict[str, Any]:
        """The deployment of a flow; there is one plan."""
        found: list[dict[str, Any]] = self.call("POST", "/deployments/filter", {"flows": {"name": {"any_": [flow]}}})
        (one,) = found
        return one

    def trigger(self, flow: str, **parameters: Any) -> str:
        """Start a custom run, as an operator does; its id."""
        path = f"/deployments/{self.deployment(flow)['id']}/create_flow_run"
        run = self.call("POST", path, {"parameters": parameters, "state": {"type": "SCHEDULED"}})
        identifier: str = run["id"]
        return identifier

    def resume(self, identifier: str, **answer: str) -> None:
        """Let a suspended run go on with what a person has filled in."""
        told = self.call("POST", f"/flow_runs/{identifier}/resume", {"run_input": answer})
        assert told["status"] == "ACCEPT", told

    def run(self, identifier: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/flow_runs/{identifier}")
        return found

    def completes(self, identifier: str, seconds: float = 240) -> None:
        """Wait until a run has completed; where it ends otherwise, what it logged is told."""
        state = self.wait_for(identifier, seconds=seconds)
        assert state == "COMPLETED", (
            self.run(identifier)["name"],
            self.run(identifier)["state"],
            self.logged(identifier),
        )

    def logged(self, identifier: str) -> str:
        """What a run and its tasks logged, a line each."""
        asked = {"logs": {"flow_run_id": {"any_": [identifier]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
        return "\n".join(one["message"] for one in self.call("POST", "/logs/filter", asked))

    def wait_for(self, identifier: str, *, states: tuple[str, ...] = FINAL, seconds: float = 240) -> str:
        """Wait until a run is in one of these states; which one."""
        wait_until(lambda: self.run(identifier)["state_type"] in states, seconds)
        state: str = self.run(identifier)["state_type"]
        return state


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Ask again and again, until it is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.25)


def kill_hard(process: psutil.Process) -> None:
    """As the kernel does when memory ends."""
    process.send_signal(signal.SIGKILL)
