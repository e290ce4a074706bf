"""A whole month killed with -9 wherever it can be, and run on: it ends as if nothing had happened, each mail once."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.months.killed import KILLED, Month, Nursery, Phase, nursery, phases_of_a_month
from support.months.state import differences
from support.servers.postgres import Cluster
from support.servers.smtp import smtp_server

KILLS = int(os.environ.get("BAOCAO_TESTS_KILLS", "12"))
KILLS_A_MONTH = 6
SEED = 20221024
FEWEST = {"flow": 10, "task": 20, "database": 30, "file": 20, "mail": 2}
"""So many different points of each kind at least: fewer would mean that they are not seen any more."""

EVERYWHERE = tuple(FEWEST)


@dataclass(frozen=True)
class Undisturbed:
    """The month as it goes when nobody kills it: its phases, the seconds that each takes, and its end."""

    phases: tuple[Phase, ...]
    seconds: tuple[float, ...]
    state: dict[str, Any]


@pytest.fixture(scope="module")
def children() -> Iterator[Nursery]:
    with nursery() as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(children: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("yen")
    phases = phases_of_a_month(folder)
    seconds = []
    with smtp_server() as server:
        month = Month(folder / "home", "", server, children)
        for number, phase in enumerate(phases):
            month.lay(phase)
            started = time.monotonic()
            assert month.run(number, phase) == 0
            seconds.append(time.monotonic() - started)
        assert month.settle_doubts() == 0
        state = month.state()
        month.workspace.engine.dispose()
    assert set(state["mails"].values()) == {1}
    return Undisturbed(phases, tuple(seconds), state)


def finish(month: Month) -> int:
    """What a person does at the end; how many letters were in doubt. No letter may have gone out twice by itself."""
    assert set(month.copies().values()) == {1}
    return month.settle_doubts()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("database", "kinds"), [("sqlite", EVERYWHERE), ("postgresql", ("database", "mail"))])
def test_killed_at_every_boundary_and_inside_every_transaction(
    children: Nursery,
    undisturbed: Undisturbed,
    tmp_path: Path,
    postgres: Cluster,
    database: str,
    kinds: tuple[str, ...],
) -> None:
    """At each flow's and task's beginning and end, around each write, commit, file and mail, when it first comes."""
    url = postgres.new_database() if database == "postgresql" else ""
    seen = tmp_path / "points"
    kills = 0
    with smtp_server() as server:
        month = Month(tmp_path / "home", url, server, children)
        for number, phase in enumerate(undisturbed.phases):
            month.lay(phase)
            while (code := month.run(number, phase, at=str(seen), kinds=kinds)) == KILLED:
                kills += 1
                month.check_soundness()
            assert code == 0
        doubtful = finish(month)
        assert differences(undisturbed.state, month.state()) == []
        month.workspace.engine.dispose()
    points = seen.read_text(encoding="utf-8").splitlines()
    assert kills == len(points) == len(set(points))
    assert [kind for kind in kinds if sum(point.startswith(kind) for point in points) < FEWEST[kind]] == []
    assert doubtful >= 2  # killed before a letter went, and after the server's 250


@pytest.mark.slow
@pytest.mark.timeout(300 + 30 * KILLS)
def test_killed_at_random_moments(
    children: Nursery, undisturbed: Undisturbed, tmp_path: Path, postgres: Cluster
) -> None:
    """In as many months as it takes, on SQLite and PostgreSQL in turn; the longer a phase, the oftener it is hit."""
    dice = random.Random(SEED)  # noqa: S311 - not for secrets
    hits = months = doubtful = 0
    while hits < KILLS:
        url = postgres.new_database() if months % 2 else ""
        with smtp_server() as server:
            month = Month(tmp_path / f"thang-{months}", url, server, children)
            hits += live_under_fire(month, undisturbed, dice, min(KILLS_A_MONTH, KILLS - hits))
            doubtful += finish(month)
            assert differences(undisturbed.state, month.state()) == []
            month.workspace.engine.dispose()
        months += 1
    print(f"{hits} kills in {months} months, {doubtful} letters in doubt")


def live_under_fire(month: Month, undisturbed: Undisturbed, dice: random.Random, shots: int) -> int:
    """Live a month under so many shots; returns how many hit before what they were aimed at was over."""
    aimed = Counter(dice.choices(range(len(undisturbed.phases)), undisturbed.seconds, k=shots))
    hits = 0
    for number, phase in enumerate(undisturbed.phases):
        month.lay(phase)
        moments = (dice.uniform(0, undisturbed.seconds[number]) for _ in range(aimed[number]))
        codes = [month.run(number, phase, after=moment) for moment in moments]
        hits += codes.count(KILLED)
        assert set(codes) <= {0, KILLED}
        assert month.run(number, phase) == 0
    return hits
