"""How long people wait for a command: the real command line in cold processes, and what a serving home saves.

Run: ``python benchmarks/starting.py --runs 5``. Prints one JSON document: for each command the least, the middle and
the most of wall-clock seconds and of processor seconds (its children's included; a server's share that runs beside is
not), and how long ``collect`` takes with ``serve`` up as a part of what it takes without, pair by pair in turn.
With ``serve`` up its fork server is waited for first.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.planned.period import Period  # noqa: E402
from baocao.domain.planned.plan import Plan  # noqa: E402
from baocao.domain.planned.unit import Unit  # noqa: E402
from baocao.plan.loading import load_plan  # noqa: E402
from baocao.workbook.blank.blank import write_blank  # noqa: E402
from baocao.workbook.blank.occasion import NOTHING_KNOWN  # noqa: E402
from baocao.workbook.filling import fill_form  # noqa: E402
from benchmarks.serving import environment, lay_plan, print_measured, serving  # noqa: E402
from deployments.fork_server.talk import SOCKET  # noqa: E402
from deployments.sample.office import Office  # noqa: E402
from deployments.sample.writing.contents import month_content  # noqa: E402

PLAN = ROOT / "plans" / "ninh-binh-2022"
SETTLE_SECONDS = 5.0
LOOK_SECONDS = 0.5
Seconds = dict[str, list[tuple[float, float]]]
"""For each command, wall-clock and processor seconds of its runs."""


@dataclass
class House:
    """A home with a plan of three units whose first month opens next month: by the real clock nothing is due in it."""

    folder: Path
    settings: dict[str, str]
    seconds: Seconds
    laid: int = 0

    @property
    def plan(self) -> Plan:
        """Its plan."""
        return load_plan(self.folder / "ke-hoach")

    @property
    def month(self) -> Period:
        """The first month that is reported by the monthly form."""
        return self.plan.periods[1]

    def collect(self, what: str) -> None:
        """Three workbooks that nobody has sent before, laid and collected."""
        self.laid += 1
        for unit in self.plan.units:
            _fill(self.plan, unit, self.month, self.laid, self.folder / "home" / "inbox" / unit.code)
        self.run(what, "collect", "--period", str(self.month), "--as-of", f"{self.month}-25T09:00")

    def run(self, what: str, *words: str) -> None:
        """Run the command; how long it took is kept under ``what``."""
        command = [sys.executable, "-m", "deployments.cli", *words]
        before, began = _processor_seconds(), time.perf_counter()
        subprocess.run(command, env=self.settings, check=True, stdout=subprocess.DEVNULL, timeout=300)
        self.seconds[what].append((time.perf_counter() - began, _processor_seconds() - before))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    print_measured("starting", lambda folder: measure(folder, asked.runs))


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Every command, ``runs`` times."""
    seconds: Seconds = defaultdict(list)
    for number in range(runs):
        make_house(folder / f"new-{number}", seconds).collect("collect of three, new home")
    alone, served = (make_house(folder / name, seconds) for name in ("alone", "served"))
    for one in (alone, served):
        one.collect("first of its home")
    seconds.pop("first of its home")
    file = _fill(alone.plan, alone.plan.units[0], alone.month, 0, folder)
    for _ in range(runs):
        alone.run("--help", "--help")
        alone.run("status", "status", "--period", str(alone.month))
        alone.run("check", "check", str(file))
    with serving(served.folder, served.settings) as process:
        _wait_for_fork_server(served.folder / "home")
        for _ in range(runs):
            served.run("check, serve up", "check", str(file))
            with _at_rest(process):
                alone.collect("collect of three")
            served.collect("collect of three, serve up")
    return _told(runs, seconds)


def _told(runs: int, seconds: Seconds) -> dict[str, Any]:
    pairs = zip(seconds["collect of three, serve up"], seconds["collect of three"], strict=True)
    ratios = sorted(round(served[0] / alone[0], 2) for served, alone in pairs)
    commands = {what: _spread(some) for what, some in seconds.items()}
    return {"runs": runs, "commands": commands, "served_to_alone": ratios}


def make_house(folder: Path, seconds: Seconds) -> House:
    """An empty one, whose commands' times go to ``seconds``."""
    lay_plan(folder, PLAN, Period.of(datetime.now(UTC)).shift(1))
    return House(folder, environment(folder, BAOCAO_WATCH="off"), seconds)


def _fill(plan: Plan, unit: Unit, period: Period, seed: int, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path, form = folder / f"bao-cao-{seed}.xlsx", plan.form_of(period)
    cutoff = plan.cycle(period).submit.date_in(period).replace(day=15)
    write_blank(plan, form, unit, period, NOTHING_KNOWN, path)
    fill_form(path, path, form, month_content(Office(plan, unit, seed), period, cutoff), ratios_as_values=True)
    return path


def _wait_for_fork_server(home: Path) -> None:
    while not (home / SOCKET).exists():
        time.sleep(LOOK_SECONDS)


@contextmanager
def _at_rest(process: "subprocess.Popen[bytes]") -> "Iterator[None]":
    """``serve`` and all its processes stand still meanwhile."""
    first = psutil.Process(process.pid)
    family = [first, *first.children(recursive=True)]
    for one in family:
        one.suspend()
    try:
        yield
    finally:
        for one in reversed(family):
            one.resume()
        time.sleep(SETTLE_SECONDS)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _spread(some: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
    """Least, middle and most."""
    columns = {"seconds": [one for one, _ in some], "processor_s": [one for _, one in some]}
    return {name: [round(pick(column), 2) for pick in (min, median, max)] for name, column in columns.items()}


if __name__ == "__main__":
    main()
