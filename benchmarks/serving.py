"""``baocao serve`` in a house of its own, for what is measured while it runs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

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
