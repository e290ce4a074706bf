"""One step of the national month in a process of its own, as the command line runs it; its stages are timed.

Run by ``national.py``: ``python -m benchmarks.national_month collect 2022-10 2022-10-19T17:00``, the settings in the
environment. Prints one JSON document: seconds and, by stage, how long any thread was in it.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from importlib import import_module
from threading import Lock
from time import perf_counter
from typing import Any

from prefect import flow

from baocao.workspace.workspace import open_workspace
from deployments.environment import prepare_prefect

STAGES = {
    "archive": ("baocao.intake.sources", "take_in_folder"),
    "check": ("tasks.check", "check_batch"),
    "store": ("tasks.check", "file_batch"),
    "mark": ("tasks.check", "mark_returned"),
    "answers": ("tasks.check", "answers"),
    "queue": ("tasks.check", "enqueue"),
    "send": ("tasks.deliver", "deliver_all"),
    "site": ("tasks.site", "build_site"),
    "consolidate": ("tasks.report", "prepare_report"),
    "render": ("tasks.report", "render_report"),
    "publish": ("tasks.report", "publish_report"),
}
ANSWERING = ("mark", "answers", "queue", "send", "site")
FLOWS = {"collect": "flows.collect", "report": "flows.report"}
Spans = dict[str, list[tuple[float, float]]]


def main(step: str, period: str, moment: str) -> None:
    """Run one flow and print what it took; Prefect's own start comes before the clock."""
    prepare_prefect(open_workspace().settings)
    _start_prefect()
    flow = getattr(import_module(FLOWS[step]), step)
    spans: Spans = defaultdict(list)
    with timed_stages(spans):
        started = perf_counter()
        flow(period, datetime.fromisoformat(moment))
        seconds = perf_counter() - started
    stages = {stage: covered(some) for stage, some in spans.items()}
    answering = covered([span for stage in ANSWERING for span in spans[stage]])
    print(json.dumps({"seconds": seconds, "pipeline": seconds - answering, "stages": stages}))


def _start_prefect() -> None:
    @flow
    def nothing() -> None:
        """The first run starts Prefect's server in this process."""

    nothing()


@contextmanager
def timed_stages(spans: Spans) -> Iterator[None]:
    """Note when each stage's library call runs, in any thread, while the block runs."""
    lock = Lock()
    originals = {place: getattr(import_module(place[0]), place[1]) for place in STAGES.values()}
    for stage, (module, name) in STAGES.items():
        setattr(import_module(module), name, _timing(originals[module, name], spans[stage], lock))
    pool = import_module("baocao.isolation.process").ReaderPool
    read_all = pool.read_all
    pool.read_all = _timing(lambda of, paths: iter(list(read_all(of, paths))), spans["read"], lock)
    try:
        yield
    finally:
        pool.read_all = read_all
        for (module, name), original in originals.items():
            setattr(import_module(module), name, original)


def _timing(original: Callable[..., Any], spans: list[tuple[float, float]], lock: Any) -> Callable[..., Any]:
    @wraps(original)
    def run(*arguments: Any, **more: Any) -> Any:
        started = perf_counter()
        try:
            return original(*arguments, **more)
        finally:
            with lock:
                spans.append((started, perf_counter()))

    return run


def covered(spans: list[tuple[float, float]]) -> float:
    """The seconds that lie in at least one of the spans."""
    seconds, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        seconds += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return seconds


if __name__ == "__main__":
    main(*sys.argv[1:])
