"""One Great Expectations run over the frames of a batch: quiet, in memory, one at a time."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

import pandas as pd

from baocao.domain.grouping import grouped
from baocao.system.errors import BaocaoError
from expectations.engine.library import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig, library
from expectations.engine.suites import suite_for
from expectations.rule import Check

# Threads that share the library's state get silently wrong results (facts.md), so runs queue up.
_ONE_AT_A_TIME = Lock()
_WITH_LINES = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


class CheckError(BaocaoError):
    """A rule could not be tested at all: a bug of ours, never a fault of a workbook."""


def failing_lines(
    frames: Mapping[str, pd.DataFrame], checks: Mapping[str, Sequence[Check]]
) -> list[tuple[str, Check, list[int]]]:
    """Sheet key, check and the ``line`` numbers that fail it; one validation for the checks that look at the same rows.

    A line of a frame is its unit, sheet, row and code. A check on a column that no form of the plan has is not asked.

    Raises:
        CheckError: an expectation raised instead of answering.
    """
    with _ONE_AT_A_TIME:
        batches = _batches()
        return [
            (key, check, lines)
            for key, frame in frames.items()
            for rows, group in _groups(frame, checks[key])
            for check, lines in _failing(batches, key, rows, group)
        ]


def _groups(frame: pd.DataFrame, checks: Sequence[Check]) -> Iterator[tuple[pd.DataFrame, list[Check]]]:
    """The checks that look at the same rows of a frame, with those rows, if any.

    A row condition would have the library go through all rows and columns anew for every metric of every expectation.
    """
    asked = (check for check in checks if {*check.columns} <= {*frame})
    for where, group in grouped(asked, lambda check: tuple(check.where.items())).items():
        rows = frame
        for column, value in where:
            rows = rows[rows[column].isin(value) if isinstance(value, tuple) else rows[column] == value]
        if len(rows):
            yield rows, group


def _batches() -> Any:
    """What makes a batch of any frame; one for all, because the library writes its configuration with each."""
    without_pages = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False))
    context = library.get_context(mode="ephemeral", project_config=without_pages)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("submissions")
    return source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")


def _failing(batches: Any, key: str, frame: pd.DataFrame, checks: Sequence[Check]) -> Iterator[tuple[Check, list[int]]]:
    """The checks that fail, with their lines: all are asked whether they hold, and only those that don't, where."""
    # Keys of failing rows are looked up by the library one cell at a time, so it gets the line as the index and no
    # column that it does not look at; the rest stays in our frame.
    needed = dict.fromkeys(column for check in checks for column in check.looked_at)
    batch = batches.get_batch({"dataframe": frame[list(needed)].set_axis(frame["line"].to_numpy())})
    broken = [check for check, result in _validated(batch, key, checks, "BOOLEAN_ONLY") if not result.success]
    if broken:
        for check, result in _validated(batch, key, broken, _WITH_LINES):
            yield check, _lines(result, check)


def _validated(
    batch: Any, key: str, checks: Sequence[Check], told: str | Mapping[str, Any]
) -> Iterator[tuple[Check, Any]]:
    for result in batch.validate(suite_for(key, checks), result_format=told).results:
        check = checks[result.expectation_config.meta["check"]]
        _refuse_exception(result.exception_info, check)
        yield check, result


def _lines(result: Any, check: Check) -> list[int]:
    try:
        return [int(line) for line in result.result["unexpected_index_list"]]
    except KeyError:
        raise CheckError(f"quy tắc {check.rule.name} không cho biết dòng nào sai") from None


def _refuse_exception(info: Mapping[str, Any], check: Check) -> None:
    """Raise if the expectation raised; the library nests the account by metric where a metric failed."""
    accounts = [info, *(part for part in info.values() if isinstance(part, Mapping))]
    for account in accounts:
        if account.get("raised_exception"):
            message = account.get("exception_message")
            raise CheckError(f"quy tắc {check.rule.name} ({check.expectation}) không chạy được: {message}")
