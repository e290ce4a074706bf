"""``baocao serve`` in a house of its own, for what is measured while it runs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from baocao.domain.planned.period import Period
from baocao.plan.rollout import moved_plan, read_sources

ROOT = Path(__file__).parents[1]
UP_SECONDS, STOP_SECONDS = 300.0, 180.0
DONE = {"flows": {"name": {"any_": ["lam-bu"]}}, "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What the processes of a house run with: its plan, its home, a free port; nothing of this process's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    return kept | {
        "BAOCAO_HOME": str(folder / "home"),
        "BAOCAO_PLAN": str(folder / "ke-hoach"),
        "BAOCAO_PORTAL_PORT": "0",
        "PREFECT_SERVER_API_PORT": str(free_port()),
        "PYTHONPATH": str(ROOT),
        **more,
    }


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def print_measured(name: str, measure: Callable[[Path], Any]) -> None:
    """Measure in a folder of its own, which is removed, and print the document."""
    with TemporaryDirectory(prefix=f"{name}-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(measure(Path(folder)), indent=1))


def lay_plan(folder: Path, source: Path, first: Period) -> Path:
    """The plan of ``source`` moved so that it begins with this month, in a house's folder; gives where it lies."""
    plan = folder / "ke-hoach"
    (plan / "forms").mkdir(parents=True)
    for name, text in moved_plan(read_sources(source), first).items():
        (plan / name).write_text(text, encoding="utf-8")
    return plan


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """``baocao serve``, up and with its runs of the start behind it; its log stays in the folder.

    Raises:
        TimeoutError: it does not come up.
    """
    with (folder / "serve.log").open("ab") as log:
        command = [sys.executable, "-m", "deployments.cli", "serve"]
        process = subprocess.Popen(command, env=dict(settings), stdout=log, stderr=log)
    try:
        _wait_until_up(f"http://127.0.0.1:{settings['PREFECT_SERVER_API_PORT']}/api")
        yield process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_up(address: str) -> None:
    """Until the collection is registered and the catch-up of the start, a minute later, has ended."""
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            if _asked(f"{address}/flow_runs/filter", DONE):
                return
        time.sleep(1)
    raise TimeoutError("baocao serve is not up; see serve.log")


def _asked(address: str, document: Any) -> Any:
    asked = Request(address, json.dumps(document).encode(), {"Content-Type": "application/json"})  # noqa: S310 - ours
    with build_opener(ProxyHandler({})).open(asked, timeout=10) as answer:
        return json.load(answer)
