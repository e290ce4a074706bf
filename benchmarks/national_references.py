"""The references of the national month: the floor, the plain way, checks written by hand in pandas, the guard.

Run by ``national.py`` in a process of its own, with the settings in the environment, before the month: it looks at the
files in the inbox. Prints one JSON document of seconds.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import python_calamine
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, create_engine, insert

from baocao.domain.planned.plan import Plan
from baocao.domain.reported.history import History
from baocao.workbook.formats.guard import examine, load
from baocao.workbook.formats.package import RefusedError
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.workspace import open_workspace
from benchmarks.national_plain import plain_seconds, seconds_by_tasks
from deployments.environment import prepare_prefect
from expectations import check_batch

SAMPLE_FRAME = 300
SAMPLE_OBVIOUS = 60


def main() -> None:
    """Measure and print."""
    workspace = open_workspace()
    prepare_prefect(workspace.settings)
    paths = sorted(workspace.settings.inbox_folder.rglob("*.xlsx"))
    found = {
        "floor_s": floor_seconds(paths, workspace.home / "floor.db"),
        "guard_s": guard_seconds(paths),
        "pandas_by_hand_s": pandas_seconds(paths, workspace.plan),
        "obvious_s_per_file": plain_seconds(paths[:SAMPLE_OBVIOUS], workspace.plan) / SAMPLE_OBVIOUS,
        "obvious_by_our_rules_s_per_file": our_rules_seconds(paths[:SAMPLE_OBVIOUS], workspace.plan) / SAMPLE_OBVIOUS,
    }
    print(json.dumps(found))


def floor_seconds(paths: Sequence[Path], database: Path) -> float:
    """Bare calamine over the files, serially, and one bulk insert of as many rows as they hold."""
    started = perf_counter()
    rows = 0
    for path in paths:
        try:
            book = python_calamine.load_workbook(str(path))
        except (python_calamine.CalamineError, OSError, ValueError):
            continue
        rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    engine = create_engine(f"sqlite:///{database}")
    columns = (
        Column("unit", Integer),
        Column("code", String),
        Column("numerator", Float),
        Column("denominator", Float),
    )
    table = Table("row", MetaData(), *columns)
    table.create(engine)
    with engine.begin() as connection:
        values = [{"unit": n // 50, "code": f"A{n % 50}", "numerator": n, "denominator": n} for n in range(rows)]
        connection.execute(insert(table), values)
    engine.dispose()
    return perf_counter() - started


def our_rules_seconds(paths: Sequence[Path], plan: Plan) -> float:
    """openpyxl, one run of our own rules and one Prefect task for each file; libraries and Prefect run already.

    It gets quicker with our rules: what it is over our month says how much is won by batches and by reading apart.
    """
    return seconds_by_tasks(paths, lambda path: check_batch(plan, [read_workbook(path, plan)], History()))


def guard_seconds(paths: Sequence[Path]) -> float:
    """The zip guard alone, in this process, scaled from a sample to all files; it is a part of our reading."""
    some = paths[:SAMPLE_FRAME]
    started = perf_counter()
    for path in some:
        with suppress(RefusedError):
            examine(load(path))
    return (perf_counter() - started) * len(paths) / len(some)


def pandas_seconds(paths: Sequence[Path], plan: Plan) -> float:
    """Four of the rules written by hand on a typed frame, scaled from a sample to all files; reading not counted."""
    rows: list[dict[str, Any]] = [
        {"unit": content.unit, "code": row.code, **row.values}
        for content in (read_workbook(path, plan) for path in paths[:SAMPLE_FRAME])
        for row in content.rows("figures")
    ]
    frame = pd.DataFrame(rows)
    typed = frame["code"].isin([figure.code for figure in plan.figures if figure.is_typed])
    started = perf_counter()
    faults = [
        frame[typed & (frame["numerator"].isna() | frame["denominator"].isna())],
        frame[(frame["numerator"] < 0) | (frame["denominator"] < 0)],
        frame[frame["numerator"] > frame["denominator"]],
        frame[
            (frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0) * 100 - frame["ratio_pct"]).abs()
            > 0.1
        ],
    ]
    _ = [len(fault) for fault in faults]
    return (perf_counter() - started) * len(paths) / min(len(paths), SAMPLE_FRAME)


if __name__ == "__main__":
    main()
