"""What guard and isolation cost: a batch of blank forms read by calamine alone, in this process, and by the pool.

Run: ``python benchmarks/reading.py [FILES]``; prints milliseconds per file and the ratio to calamine alone.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from python_calamine import load_workbook

from baocao.isolation.process import ReaderPool
from baocao.plan.loading import load_plan
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.reading.reader import read_workbook

PLAN = Path(__file__).parents[1] / "plans" / "ninh-binh-2022"


def main(files: int) -> None:
    """Print the table."""
    plan = load_plan(PLAN)
    period = plan.periods[1]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_blank(plan, plan.form_of(period), plan.units[0], period, NOTHING_KNOWN, path)
        paths = [path] * files
        bare = timed(lambda: list(map(read_bare, paths))) / files
        show("calamine alone", bare, bare)
        show(
            "guard, calamine, typed values", timed(lambda: [read_workbook(path, plan) for path in paths]) / files, bare
        )
        for workers in (1, 2):
            with ReaderPool(plan, workers) as pool:
                next(pool.read_all([path]))
                show(f"pool of {workers}", timed(lambda: list(pool.read_all(paths))) / files, bare)


def read_bare(path: Path) -> int:
    """Every sheet by calamine, and nothing else; how many rows there are."""
    book = load_workbook(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def timed(run: Callable[[], object]) -> float:
    """Wall-clock seconds."""
    started = perf_counter()
    run()
    return perf_counter() - started


def show(what: str, seconds: float, bare: float) -> None:
    """One line of the table."""
    print(f"{what:32}{seconds * 1e3:8.2f} ms {seconds / bare:6.1f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
