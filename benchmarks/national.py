"""A national month: N units' workbooks through the real flows, beside three references measured in the same run.

Run: ``python benchmarks/national.py --units 3000 --json`` (``make bench UNITS=3000``); ``--fit`` runs 750, 1500, … too
and fits how the cost grows. Prints one JSON document; progress goes to standard error.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from importlib import import_module
from math import log
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.period import Period  # noqa: E402
from baocao.workspace import open_workspace  # noqa: E402
from benchmarks.national_files import Made, make_files, make_plan  # noqa: E402
from benchmarks.national_references import floor_seconds, obvious_seconds_per_file, pandas_seconds  # noqa: E402
from deployments.environment import prepare_prefect  # noqa: E402

PERIOD = Period(2022, 10)
COLLECTED = datetime(2022, 10, 19, 17)  # noqa: DTZ001 - the plan's local time
LATE = datetime(2022, 10, 21, 9)  # noqa: DTZ001
REPORTED = datetime(2022, 10, 24, 8)  # noqa: DTZ001
PIPELINE = ("archive", "read", "check", "store")
STAGES = {
    "archive": ("baocao.intake.sources", "take_in_folder"),
    "check": ("tasks.check", "check_batch"),
    "store": ("tasks.check", "file_batch"),
    "answers": ("tasks.check", "answers"),
    "queue": ("tasks.check", "enqueue"),
    "send": ("tasks.deliver", "deliver_outbox"),
    "consolidate": ("tasks.report", "prepare_report"),
    "render": ("tasks.report", "render_report"),
    "publish": ("tasks.report", "publish_report"),
}
SIZES = (750, 1500, 3000, 6000, 12000)
ROWS_A_FILE = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--database", default="", help="a database's address; without it SQLite")
    parser.add_argument("--fit", action="store_true", help="also smaller sizes, and how the cost grows")
    parser.add_argument("--json", action="store_true", help="the document is always JSON; accepted for clarity")
    arguments = parser.parse_args()
    document = measure(arguments.units, arguments.database)
    if arguments.fit:
        points = [(n, measure(n, arguments.database)["pipeline_s"]) for n in SIZES if n < arguments.units]
        points.append((arguments.units, document["pipeline_s"]))
        document["fit"] = {"points": points, "exponent": exponent(points)}
    print(json.dumps(document, indent=1))


def measure(units: int, database: str = "") -> dict[str, Any]:
    """One month of so many units, and the references on the same files."""
    with tempfile.TemporaryDirectory(prefix="national-") as folder:
        home = Path(folder)
        say(f"{units} units: making files")
        plan = make_plan(home / "plan", units)
        made = make_files(plan, PERIOD, home / "data" / "inbox", home / "late")
        use_home(home, database)
        say("the floor: bare calamine and one bulk insert")
        floor = floor_seconds(made.on_time, home / "floor.db")
        say("the obvious build, on 60 files")
        obvious = obvious_seconds_per_file(made.on_time[:60], plan)
        by_hand = pandas_seconds(made.on_time, plan)
        say("the month")
        return _compared(_month(made, home), made, units, floor, obvious, by_hand)


def use_home(home: Path, database: str) -> None:
    """Point this process at the benchmark's own data."""
    os.environ["BAOCAO_HOME"] = str(home / "data")
    os.environ["BAOCAO_PLAN"] = str(home / "plan")
    os.environ["BAOCAO_DATABASE_URL"] = database
    open_workspace.cache_clear()
    prepare_prefect(open_workspace().settings)


def _month(made: Made, home: Path) -> dict[str, float]:
    from flows.collect import collect
    from flows.report import report

    seconds: dict[str, float] = defaultdict(float)
    with timed_stages(seconds):
        seconds["collect"] = timed(lambda: collect(str(PERIOD), COLLECTED))
        say(f"collected in {seconds['collect']:.0f} s")
        on_time = dict(seconds)
        shutil.copytree(home / "late", home / "data" / "inbox", dirs_exist_ok=True)
        collect(str(PERIOD), LATE)
        seconds = defaultdict(float, on_time)
        with timed_stages(seconds):
            seconds["report"] = timed(lambda: report(str(PERIOD), REPORTED))
    check_sums(made)
    return dict(seconds)


def check_sums(made: Made) -> None:
    """The consolidated figures must equal the independent sum of what was typed.

    Raises:
        AssertionError: a figure differs.
    """
    from baocao.export import export_rows

    for row in json.loads(export_rows(open_workspace(), PERIOD, "consolidated", "json")):
        if row["numerator"] is not None:
            assert [row["numerator"], row["denominator"]] == made.sums[row["code"]], row["code"]


@contextmanager
def timed_stages(seconds: dict[str, float]) -> Iterator[None]:
    """Add up the time that each stage's library call takes, while the block runs."""
    originals = {place: getattr(import_module(place[0]), place[1]) for place in STAGES.values()}
    for stage, (module, name) in STAGES.items():
        setattr(import_module(module), name, _timing(originals[module, name], stage, seconds))
    reader = import_module("baocao.workbook.process").ReaderPool
    read_all = reader.read_all
    reader.read_all = _timing(lambda pool, paths: iter(list(read_all(pool, paths))), "read", seconds)
    try:
        yield
    finally:
        reader.read_all = read_all
        for (module, name), original in originals.items():
            setattr(import_module(module), name, original)


def _timing(original: Callable[..., Any], stage: str, seconds: dict[str, float]) -> Callable[..., Any]:
    @wraps(original)
    def run(*arguments: Any, **more: Any) -> Any:
        started = perf_counter()
        try:
            return original(*arguments, **more)
        finally:
            seconds[stage] += perf_counter() - started

    return run


def _compared(
    seconds: dict[str, float], made: Made, units: int, floor: float, obvious: float, by_hand: float
) -> dict[str, Any]:
    files = len(made.on_time)
    pipeline = seconds["collect"] - sum(seconds.get(stage, 0.0) for stage in ("answers", "queue", "send"))
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "units": units,
        "files": files,
        "outcome": dict(made.counts),
        "ratio_to_floor": round(pipeline / floor, 2),
        "speedup_over_obvious": round(obvious * files / seconds["collect"], 1),
        "peak_rss_mb": round(max(own, children)),
        "peak_rss_all_mb": round(own + children * 2),
        "collect_s": round(seconds["collect"], 2),
        "pipeline_s": round(pipeline, 2),
        "report_s": round(seconds["report"], 2),
        "stages": {
            stage: {"seconds": round(taken, 2), "rows_per_s": round(files * ROWS_A_FILE / taken) if taken else None}
            for stage, taken in seconds.items()
            if stage not in ("collect", "report")
        },
        "references": {
            "floor_s": round(floor, 2),
            "obvious_s_per_file": round(obvious, 3),
            "pandas_by_hand_s": round(by_hand, 3),
        },
    }


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of a line through the logarithms: 1 is linear."""
    xs, ys = [log(size) for size, _ in points], [log(cost) for _, cost in points]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    return round(sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread, 3)


def timed(run: Callable[[], object]) -> float:
    """Wall-clock seconds."""
    started = perf_counter()
    run()
    return perf_counter() - started


def say(what: str) -> None:
    """Progress for the person who waits."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
