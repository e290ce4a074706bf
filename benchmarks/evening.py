"""The last evening: units send while ``serve`` runs, ever more of them towards the deadline; how long each waits.

Run: ``python benchmarks/evening.py --units 150 --minutes 60`` (``--kills``: with ``kill -9`` of the watch, of a run and
of the server on the way; ``--live 30``: only the last half hour is lived through, what came before it is laid at once
and answered first). A tenth of the files is faulty; half of those senders send a mended one soon. Prints one JSON
document: times from a file's arrival to its answer in the outbox, for all that was lived through and for each minute.
"""

import argparse
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil, sqrt
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.planned.period import Period  # noqa: E402
from baocao.plan.loading import load_plan  # noqa: E402
from benchmarks.national_files import make_plan, variants  # noqa: E402
from benchmarks.serving import environment, lay_plan, print_measured, serving  # noqa: E402

FAULTY, MENDED = 0.10, 0.5
MEND_SECONDS = (60.0, 300.0)
LAST_SECONDS = 900.0
SOON = 120.0
KILLED = (("deployments.watching.child", 0.4), ("prefect.engine", 0.6), ("deployments.serving.pages", 0.8))
"""What is killed, by the module that it runs, and after which part of the evening."""


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
    parser.add_argument("--live", type=float, help="live through so many last minutes only")
    parser.add_argument("--kills", action="store_true", help="kill the watch, a run and the server on the way")
    parser.add_argument("--watch", default="auto", choices=("auto", "poll"), help="how the folder is watched")
    asked = parser.parse_args()
    print_measured("evening", lambda folder: measure(folder, asked))


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """One evening in a house of its own."""
    period = Period.of(datetime.now(UTC))
    make_plan(folder / "nguon", asked.units)
    plan = lay_plan(folder, folder / "nguon", period.shift(-1))
    planned = evening([unit.code for unit in load_plan(plan).units], asked.minutes * 60)
    begin = 0.0 if asked.live is None else max(0.0, (asked.minutes - asked.live) * 60)
    before = [replace(one, at=0.0) for one in planned if one.at < begin]
    rest = [replace(one, at=one.at - begin) for one in planned if one.at >= begin]
    outbox = folder / "home" / "outbox"
    with serving(folder, environment(folder, BAOCAO_WATCH=asked.watch)) as process:
        earlier = send(folder, before, period, process, ())
        taken = wait_for_answers(outbox, set(earlier), period)
        laid = send(folder, rest, period, process, KILLED if asked.kills else ())
        answered = wait_for_answers(outbox, {*earlier, *laid}, period)
    unanswered = sorted(f"{unit} v{number}" for unit, number in earlier.keys() - taken.keys())
    return {**vars(asked), "before": len(earlier), "lost_before": unanswered, **told(laid, answered, set(earlier))}


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


def told(
    laid: dict[tuple[str, int], float], answered: dict[tuple[str, int], list[float]], earlier: set[tuple[str, int]]
) -> dict[str, Any]:
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
        "too_many": sorted(f"{unit} v{number}" for unit, number in answered.keys() - laid.keys() - earlier),
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
