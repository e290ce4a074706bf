"""The last evening: units send while ``serve`` runs, ever more of them towards the deadline; how long each waits.

Run: ``python benchmarks/evening.py --units 150 --minutes 60`` (``--kills``: with ``kill -9`` of the watch, of a run and
of the server on the way). A tenth of the files is faulty; half of those senders send a mended one soon. Prints one JSON
document: times from a file's arrival to its answer in the outbox, for all and for each minute of load.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, sqrt
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.planned.period import Period  # noqa: E402
from baocao.plan.loading import load_plan  # noqa: E402
from baocao.plan.rollout import moved_plan, read_sources  # noqa: E402
from benchmarks.national_files import make_plan, variants  # noqa: E402

FAULTY, MENDED = 0.10, 0.5
MEND_SECONDS = (60.0, 300.0)
UP_SECONDS, LAST_SECONDS = 300.0, 900.0
SOON = 120.0
DONE = {"flows": {"name": {"any_": ["lam-bu"]}}, "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
KILLED = (("deployments.watching.child", 0.4), ("prefect.flow_engine", 0.6), ("deployments.serving.pages", 0.8))


@dataclass(frozen=True)
class Arrival:
    """A unit's n-th file: when it comes, in seconds from the start, and whether it is faulty."""

    at: float
    unit: str
    number: int
    is_faulty: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kills", action="store_true", help="kill the watch, a run and the server on the way")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="evening-", ignore_cleanup_errors=True) as folder:
        print(json.dumps(measure(Path(folder), asked.units, asked.minutes * 60, with_kills=asked.kills), indent=1))


def measure(folder: Path, units: int, seconds: float, *, with_kills: bool) -> dict[str, Any]:
    """One evening in a house of its own."""
    period = Period.of(datetime.now(UTC))
    make_plan(folder / "nguon", units)
    (folder / "ke-hoach" / "forms").mkdir(parents=True)
    for name, text in moved_plan(read_sources(folder / "nguon"), period.shift(-1)).items():
        (folder / "ke-hoach" / name).write_text(text, encoding="utf-8")
    planned = evening([unit.code for unit in load_plan(folder / "ke-hoach").units], seconds)
    with serving(folder) as process:
        laid = send(folder, planned, period, process, KILLED if with_kills else ())
        answered = wait_for_answers(folder / "home" / "outbox", set(laid), period)
    return {"units": units, "minutes": seconds / 60, **told(laid, answered)}


def evening(units: Sequence[str], seconds: float, seed: int = 1) -> list[Arrival]:
    """When each unit sends: evenly more towards the end; some of the faulty ones mend theirs."""
    chance = random.Random(seed)  # noqa: S311 - sample data
    planned = []
    for unit in units:
        at, is_faulty = seconds * sqrt(chance.random()), chance.random() < FAULTY
        planned.append(Arrival(at, unit, 1, is_faulty))
        if is_faulty and chance.random() < MENDED:
            planned.append(Arrival(at + chance.uniform(*MEND_SECONDS), unit, 2, is_faulty=False))
    return sorted(planned, key=lambda one: one.at)


@contextmanager
def serving(folder: Path, **more: str) -> "Iterator[subprocess.Popen[bytes]]":
    """``baocao serve`` in this house, up and with its runs of the start behind it; its log stays in the folder."""
    port = free_port()
    mine = {"BAOCAO_HOME": str(folder / "home"), "BAOCAO_PLAN": str(folder / "ke-hoach"), "PYTHONPATH": str(ROOT)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    command = [sys.executable, "-m", "deployments.cli", "serve"]
    with (folder / "serve.log").open("wb") as log:
        environment = {**kept, **mine, "PREFECT_SERVER_API_PORT": port, "BAOCAO_PORTAL_PORT": free_port(), **more}
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api")
        yield process
    finally:
        process.terminate()
        process.wait(180)


def free_port() -> str:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_until_up(address: str) -> None:
    """Until the collection is registered and the catch-up of the start, a minute later, has ended."""
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            if json.load(_asked(f"{address}/flow_runs/filter", json.dumps(DONE))):
                return
        time.sleep(1)
    raise TimeoutError("baocao serve is not up; see serve.log")


def _asked(address: str, body: str) -> Any:
    asked = Request(address, body.encode(), {"Content-Type": "application/json"})  # noqa: S310 - ours
    return build_opener(ProxyHandler({})).open(asked, timeout=10)


def send(
    folder: Path,
    planned: Sequence[Arrival],
    period: Period,
    process: "subprocess.Popen[bytes]",
    killed: Sequence[tuple[str, float]],
) -> dict[tuple[str, int], float]:
    """Lay each file at its time; when each was really laid, by unit and number. On the way, kill what is to be."""
    good, faulty = variants(load_plan(folder / "ke-hoach"), period)
    start, left = time.time(), list(killed)
    laid: dict[tuple[str, int], float] = {}
    for one in planned:
        time.sleep(max(0.0, start + one.at - time.time()))
        path = folder / "home" / "inbox" / one.unit / f"bao-cao-{one.number}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((faulty if one.is_faulty else good[len(laid) % len(good)]).for_unit(one.unit))
        laid[one.unit, one.number] = time.time()
        if left and one.at >= left[0][1] * planned[-1].at and kill(process, left[0][0]):
            left.pop(0)
    return laid


def kill(process: "subprocess.Popen[bytes]", name: str) -> bool:
    """Kill a process below ``serve`` by the module that it runs; whether there was one."""
    for one in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.Error):
            if name in one.cmdline():
                one.kill()
                return True
    return False


def wait_for_answers(outbox: Path, wanted: set[tuple[str, int]], period: Period) -> dict[tuple[str, int], list[float]]:
    """When each file was answered, by unit and version; waits until all are, or nothing more is to be expected."""
    until = time.monotonic() + LAST_SECONDS
    while True:
        found: dict[tuple[str, int], list[float]] = defaultdict(list)
        for path in outbox.glob(f"answer~{period}~*~v*.eml"):
            _, _, unit, version = path.stem.split("~")
            found[unit, int(version[1:])].append(path.stat().st_mtime)
        if found.keys() >= wanted or time.monotonic() > until:
            return found
        time.sleep(1)


def told(laid: dict[tuple[str, int], float], answered: dict[tuple[str, int], list[float]]) -> dict[str, Any]:
    """The document."""
    first = min(laid.values())
    waits: dict[int, list[float]] = defaultdict(list)
    for key, at in laid.items():
        if key in answered:
            waits[int((at - first) // 60)].append(answered[key][0] - at)
    minutes = [{"minute": minute, "arrived": len(some), **figures(some)} for minute, some in sorted(waits.items())]
    soon = [one["arrived"] for one in minutes if one["p95_s"] < SOON]
    return {
        "sent": len(laid),
        "lost": sorted(f"{unit} v{number}" for unit, number in laid.keys() - answered.keys()),
        "too_many": sorted(f"{unit} v{number}" for unit, number in answered.keys() - laid.keys()),
        **figures([one for some in waits.values() for one in some]),
        "highest_load_a_minute_with_p95_below_two_minutes": max(soon, default=0),
        "per_minute": minutes,
    }


def figures(waits: Sequence[float]) -> dict[str, float]:
    """Median, 95th of a hundred and worst, in seconds."""
    if not waits:
        return {}
    ordered = sorted(waits)
    p95 = ordered[ceil(0.95 * len(ordered)) - 1]
    return {"median_s": round(median(ordered), 1), "p95_s": round(p95, 1), "worst_s": round(ordered[-1], 1)}


if __name__ == "__main__":
    main()
