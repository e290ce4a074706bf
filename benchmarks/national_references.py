"""The three references of the national month: the floor, the obvious build, and checks written by hand in pandas."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from baocao.domain.history import History
from baocao.domain.plan import Plan
from baocao.workbook.reader import read_workbook
from expectations import check_batch

SAMPLE_FRAME = 300


def floor_seconds(paths: Sequence[Path], database: Path) -> float:
    """Bare calamine over the files, serially, and one bulk insert of as many rows as they hold."""
    from python_calamine import CalamineError, load_workbook
    from sqlalchemy import Column, Float, Integer, MetaData, String, Table, create_engine, insert

    started = perf_counter()
    rows = 0
    for path in paths:
        try:
            book = load_workbook(str(path))
        except (CalamineError, OSError, ValueError):
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


def obvious_seconds_per_file(paths: Sequence[Path], plan: Plan) -> float:
    """openpyxl, one Great Expectations run and one Prefect task for each file; seconds a file."""
    from openpyxl import load_workbook
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    @task(cache_policy=NO_CACHE)
    def check_one(path: Path) -> int:
        try:
            book = load_workbook(path)
        except Exception:  # noqa: BLE001 - a broken file; the obvious build would skip it
            return 0
        cells = sum(1 for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
        check_batch(plan, [read_workbook(path, plan)], History())
        return cells

    @flow
    def check_all() -> int:
        return sum(check_one(path) for path in paths)

    started = perf_counter()
    check_all()
    return (perf_counter() - started) / len(paths)


def pandas_seconds(paths: Sequence[Path], plan: Plan) -> float:
    """Four of the rules written by hand on a typed frame, scaled from a sample to all files; reading not counted."""
    import pandas as pd

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
