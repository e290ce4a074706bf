"""Tiến độ: how far long work has come, as bars in the terminal and in Prefect's pages; short work shows none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar, cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

FEW = 100
_SECONDS_BETWEEN = 2.0
Advance = Callable[[str, int], None]
Item = TypeVar("Item")


@contextmanager
def progress_of(key: str, stages: Mapping[str, int]) -> Iterator[Advance]:
    """Gives a function that is told what was done: a stage, by its name, and how many more pieces of it.

    ``stages`` are their names and how many pieces each has. ``key`` names the progress in Prefect's pages.
    """
    if max(stages.values(), default=0) <= FEW:
        yield lambda _stage, _count: None
        return
    with _bars() as bars:
        pages = _Pages(key, stages)
        numbers = {name: bars.add_task(name, total=total) for name, total in stages.items()}

        def advance(stage: str, count: int) -> None:
            bars.advance(numbers[stage], count)
            pages.advance(stage, count)

        yield advance


def watched(key: str, name: str) -> Callable[[Sequence[Item]], Iterator[Item]]:
    """Gives a function to go through a sequence with: each item is done when the next is asked for."""

    def go_through(items: Sequence[Item]) -> Iterator[Item]:
        with progress_of(key, {name: len(items)}) as advance:
            for item in items:
                yield item
                advance(name, 1)

    return go_through


def _bars() -> Progress:
    """Bars with rate and remaining time on standard error; nothing where that is no terminal."""

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/giây" if task.speed else "")

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn("còn"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


class _Pages:
    """The progress artifact of a run: percent of all pieces, brought up to date every two seconds at most."""

    def __init__(self, key: str, stages: Mapping[str, int]) -> None:
        self._done = dict.fromkeys(stages, 0)
        self._stages = stages
        self._artifact = cast(UUID, create_progress_artifact(0.0, key=key, description=self._text()))
        self._told_at = monotonic()

    def advance(self, stage: str, count: int) -> None:
        self._done[stage] += count
        is_over = self._done == self._stages
        if is_over or monotonic() - self._told_at >= _SECONDS_BETWEEN:
            percent = 100 * sum(self._done.values()) / sum(self._stages.values())
            update_progress_artifact(self._artifact, percent, description=self._text())
            self._told_at = monotonic()

    def _text(self) -> str:
        return "; ".join(f"{name}: {self._done[name]}/{total}" for name, total in self._stages.items())
