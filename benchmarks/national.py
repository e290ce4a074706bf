"""A national month: N units' workbooks through the real flows, beside references measured in the same run.

Run: ``python benchmarks/national.py --units 3000 --json`` (``make bench UNITS=3000``); ``--fit`` runs 750, 1500, … too
and fits how the cost grows; ``--database`` takes another database, ``--runner dask`` another runner, ``--collectors 2``
as many collections at once, as two workers make. Prints one JSON document; progress goes to standard error.

``speedup_over_obvious``: the collection against the plain way with the libraries (``national_plain.py``), file by file;
``speedup_over_obvious_by_our_rules`` against the same with our own rules run for each file, which get quicker with us.
``report_to_bare``: the report against its rows read and as many cells written, bare (``national_bare.py``).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from math import log
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.planned.period import Period  # noqa: E402
from benchmarks.national_files import Made, make_files, make_plan  # noqa: E402

PERIOD = Period(2022, 10)
COLLECTED = datetime(2022, 10, 19, 17)  # noqa: DTZ001 - the plan's local time
LATE = datetime(2022, 10, 21, 9)  # noqa: DTZ001
REPORTED = datetime(2022, 10, 24, 8)  # noqa: DTZ001
SIZES = (750, 1500, 3000, 6000, 12000)
ROWS_A_FILE = 50
SECONDS_BETWEEN_LOOKS = 0.25


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--database", default="", help="a database's address; without it SQLite")
    parser.add_argument("--runner", choices=("threads", "dask"), default="threads")
    parser.add_argument("--collectors", type=int, default=1, help="collections at once on the same inbox")
    parser.add_argument("--fit", action="store_true", help="also smaller sizes, and how the cost grows")
    parser.add_argument("--json", action="store_true", help="the document is always JSON; accepted for clarity")
    asked = parser.parse_args()
    sizes = [size for size in SIZES if asked.fit and size < asked.units]
    smaller = [(size, measure(asked, size, is_compared=False)) for size in sizes]
    document = measure(asked, asked.units)
    if smaller:
        points = [*smaller, (asked.units, document)]
        document["fit"] = {
            cost: {"points": (pairs := [(size, one[cost]) for size, one in points]), "exponent": exponent(pairs)}
            for cost in ("collect_s", "pipeline_s", "report_s")
        }
    print(json.dumps(document, indent=1))


def measure(asked: argparse.Namespace, units: int, *, is_compared: bool = True) -> dict[str, Any]:
    """One month of so many units, and the references on the same files where it is to be compared."""
    with tempfile.TemporaryDirectory(prefix="national-") as folder:
        home = Path(folder)
        say(f"{units} units: making files")
        plan = make_plan(home / "plan", units)
        made = make_files(plan, PERIOD, home / "data" / "inbox", home / "late")
        month = Month(home, asked)
        references = month.references() if is_compared else {}
        say("the month")
        collected = month.run("collect", COLLECTED, asked.collectors)
        say(f"collected in {collected['seconds']:.0f} s")
        shutil.copytree(home / "late", home / "data" / "inbox", dirs_exist_ok=True)
        month.run("collect", LATE)
        reported = month.run("report", REPORTED)
        say(f"reported in {reported['seconds']:.0f} s")
        check_sums(month, made)
        document = _document(units, made, month, collected, reported)
        return _compared(document, references | month.bare()) if is_compared else document


class Month:
    """The steps of the month as processes on one home, and the most memory that they took (MiB)."""

    def __init__(self, home: Path, asked: argparse.Namespace) -> None:
        self._environment = os.environ | {
            "BAOCAO_HOME": str(home / "data"),
            "BAOCAO_PLAN": str(home / "plan"),
            "BAOCAO_DATABASE_URL": asked.database,
            "BAOCAO_TASK_RUNNER": asked.runner,
        }
        self.largest = self.together = 0.0

    def run(self, step: str, moment: datetime, count: int = 1) -> dict[str, Any]:
        """Run a step in so many processes at once; what the one that took longest says.

        Raises:
            subprocess.CalledProcessError: a step failed.
        """
        command = ["-m", "benchmarks.national_month", step, str(PERIOD), moment.isoformat()]
        processes = [self._start(command) for _ in range(count)]
        over = Event()
        watch = Thread(target=self._watch, args=([one.pid for one in processes], over))
        watch.start()
        outputs = [one.communicate()[0] for one in processes]
        over.set()
        watch.join()
        for one in processes:
            if one.returncode:
                raise subprocess.CalledProcessError(one.returncode, command)
        return max((json.loads(text.splitlines()[-1]) for text in outputs), key=lambda said: said["seconds"])

    def references(self) -> dict[str, float]:
        """What the references say of the files that lie in the inbox."""
        return self._told("benchmarks.national_references")

    def bare(self) -> dict[str, float]:
        """What reading the report's rows and writing its workbook's cells takes; after the report."""
        return self._told("benchmarks.national_bare", str(PERIOD))

    def _told(self, module: str, *arguments: str) -> dict[str, float]:
        output, _ = self._start(["-m", module, *arguments]).communicate()
        found: dict[str, float] = json.loads(output.splitlines()[-1])
        return found

    def baocao(self, *arguments: str) -> str:
        """What a command of ours prints."""
        code = "from deployments.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *arguments], env=self._environment, cwd=ROOT, check=True, capture_output=True
        ).stdout.decode()

    def _start(self, command: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *command], env=self._environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    def _watch(self, pids: list[int], over: Event) -> None:
        roots = [psutil.Process(pid) for pid in pids]
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            sizes = [size for root in roots for size in _sizes(root)]
            self.largest = max(self.largest, *sizes, 0.0)
            self.together = max(self.together, sum(sizes))


def _sizes(root: Any) -> list[float]:
    sizes = []
    try:
        sizes += [one.memory_info().rss / (1 << 20) for one in (root, *root.children(recursive=True))]
    except psutil.NoSuchProcess:
        return sizes
    return sizes


def check_sums(month: Month, made: Made) -> None:
    """The consolidated figures must equal the independent sum of what was typed.

    Raises:
        ValueError: a figure differs.
    """
    exported = month.baocao("export", "--period", str(PERIOD), "--what", "consolidated", "--format", "json")
    for row in json.loads(exported):
        if row["numerator"] is not None and [row["numerator"], row["denominator"]] != made.sums[row["code"]]:
            raise ValueError(f"{row['code']}: {row['numerator']}/{row['denominator']}, not {made.sums[row['code']]}")


def _document(
    units: int, made: Made, month: Month, collected: dict[str, Any], reported: dict[str, Any]
) -> dict[str, Any]:
    files = len(made.on_time)
    parts = {name: reported["stages"][name] for name in ("consolidate", "render", "publish")}
    stages = {**collected["stages"], **parts}
    return {
        "units": units,
        "files": files,
        "outcome": dict(made.counts),
        "peak_rss_mb": round(month.largest),
        "peak_rss_all_mb": round(month.together),
        "collect_s": round(collected["seconds"], 2),
        "pipeline_s": round(collected["pipeline"], 2),
        "report_s": round(sum(parts.values()), 2),
        "stages": {stage: _rate(taken, files) for stage, taken in stages.items()},
    }


def _rate(seconds: float, files: int) -> dict[str, float | None]:
    return {"seconds": round(seconds, 2), "rows_per_s": round(files * ROWS_A_FILE / seconds) if seconds else None}


def _compared(document: dict[str, Any], references: dict[str, float]) -> dict[str, Any]:
    files = document["files"]
    obvious, by_our_rules = (references[f"{name}_s_per_file"] for name in ("obvious", "obvious_by_our_rules"))
    return {
        "units": document["units"],
        "ratio_to_floor": round(document["pipeline_s"] / references["floor_s"], 2),
        "speedup_over_obvious": round(obvious * files / document["collect_s"], 1),
        "speedup_over_obvious_by_our_rules": round(by_our_rules * files / document["collect_s"], 1),
        "report_to_bare": round(document["report_s"] / references["bare_report_s"], 2),
        **document,
        "stages": {**document["stages"], "guard": _rate(references["guard_s"], files)},
        "references": {name: round(value, 3) for name, value in references.items()},
    }


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of a line through the logarithms: 1 is linear."""
    xs, ys = [log(size) for size, _ in points], [log(cost) for _, cost in points]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    return round(sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread, 3)


def say(what: str) -> None:
    """Progress for the person who waits."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
