"""The plain way, as the libraries show it: openpyxl, and one Prefect task and one Great Expectations run a file.

The expectations, their options and the rows that they look at are those of our rules; frames are made before the clock
starts. Nothing else of ours is in it: each file has a context of its own, each sheet an asset and a suite with
``row_condition`` s, all rows that fail are asked for at once, and the classes are the library's (two, which it does not
ship, are written as its page on custom expectations has them).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_
from pathlib import Path
from time import perf_counter
from typing import Any

import great_expectations
import openpyxl
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.row_conditions import Column
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from baocao.domain.planned.plan import Plan
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations.batch import frames_of
from expectations.checks import checks_of
from expectations.engine.custom import expectation_class
from expectations.rule import Check

Frames = Mapping[str, pd.DataFrame]


def plain_seconds(paths: Sequence[Path], plan: Plan) -> float:
    """How long the plain way takes for these files; libraries and Prefect run already."""
    frames = {path: frames_of(plan, [read_workbook(path, plan)], History()) for path in paths}
    checks = checks_of(plan)
    return seconds_by_tasks(paths, lambda path: failing_rows(frames[path], checks))


def seconds_by_tasks(paths: Sequence[Path], check: Callable[[Path], object]) -> float:
    """How long a flow takes in which a task for each file reads it by openpyxl, goes through its cells and checks it.

    One file goes before, so that what is loaded and started once is not counted.
    """

    @task(cache_policy=NO_CACHE)
    def check_one(path: Path) -> int:
        try:
            book = openpyxl.load_workbook(path)
        except Exception:  # noqa: BLE001 - a broken file; the plain way would skip it
            return 0
        cells = sum(1 for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
        check(path)
        return cells

    @flow
    def check_all(some: Sequence[Path]) -> int:
        return sum(check_one(path) for path in some)

    check_all(paths[:1])
    started = perf_counter()
    check_all(paths)
    return perf_counter() - started


def failing_rows(frames: Frames, checks: Mapping[str, Sequence[Check]]) -> int:
    """How many rows of one file's frames fail an expectation."""
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("workbook")
    failing = 0
    for key, frame in frames.items():
        batches = source.add_dataframe_asset(key).add_batch_definition_whole_dataframe("rows")
        asked = [expectation(check) for check in checks[key] if {*check.columns} <= {*frame}]
        suite = great_expectations.ExpectationSuite(name=key, expectations=asked)
        told = batches.get_batch({"dataframe": frame}).validate(suite, result_format="COMPLETE")
        failing += sum(len(one.result.get("unexpected_index_list") or ()) for one in told.results)
    return failing


def expectation(check: Check) -> Any:
    """A rule's expectation as the library has it, on the rows that it looks at."""
    conditions = [
        Column(name).is_in(list(value)) if isinstance(value, tuple) else Column(name) == value
        for name, value in check.where.items()
    ]
    narrowed = {"row_condition": reduce(and_, conditions)} if conditions else {}
    return expectation_class(check.expectation)(**check.options, **narrowed)
