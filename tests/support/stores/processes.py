"""Processes of ``support/stores/store_worker.py`` for tests: started together, and killed where a test wants it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import ROOT, TESTS


@contextmanager
def worker(what: str, url: str, home: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that runs while the block does."""
    command = [sys.executable, "-m", "support.stores.store_worker", what, url, str(home), *more]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
        yield process


def start_together(home: Path, *processes: subprocess.Popen[str]) -> None:
    """Let workers begin once all of them are ready."""
    while len(list(home.glob("ready-*"))) < len(processes):
        assert [process.poll() for process in processes] == [None] * len(processes)
        time.sleep(0.02)
    (home / "go").touch()


def ids_told(process: subprocess.Popen[str]) -> list[int]:
    """The ids that a worker has claimed."""
    assert process.stdout
    return [int(word) for word in process.stdout.readline().split()]
