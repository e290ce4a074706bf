"""The real commands, with Prefect's engine and server, killed with -9 at random moments and typed again."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL
from support import ROOT
from support.months.killed import KILLED, Month, Phase, phases_of_a_month
from support.months.state import differences
from support.servers.smtp import smtp_server

SHARES = 0.5, 1.0
"""How far into the time of an undisturbed run each kill may come; the machine may have become twice as quick."""

SEED = 20221019
IMPORTING_SECONDS = 2.0


class Commands:
    """Runs each flow by its command, as a nursery does by a child; keeps the same journal."""

    def run(self, request: dict[str, Any]) -> int:
        """The exit code of the last command; ``after``: seconds until the first one is killed."""
        journal = Path(request["journal"])
        done = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
        for number, (name, period, moment) in enumerate(request["runs"]):
            if str(number) not in done:
                code = self._type(request, name, "--period", period, "--as-of", moment)
                if code:
                    return code
                with journal.open("a", encoding="utf-8") as file:
                    file.write(f"{number}\n")
        return 0

    def _type(self, request: dict[str, Any], *arguments: str) -> int:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOCAO_")}
        server = {"PREFECT_API_URL": str(PREFECT_API_URL.value()), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "deployments.cli", *arguments]
        with subprocess.Popen(
            command, env={**kept, **request["environment"], **server}, stdout=subprocess.DEVNULL
        ) as process:
            try:
                return process.wait(request.get("after"))
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()


def short(folder: Path) -> list[Phase]:
    """A collection with an answer of each kind, and a report."""
    _, collected, *_ = phases_of_a_month(folder)
    return [Phase(collected.laid, collected.runs[:1]), Phase({}, (("report", "2022-10", "2022-10-24T08:00"),))]


@dataclass
class Undisturbed:
    """The phases as they go when nothing happens: the seconds that each takes, and the end."""

    phases: list[Phase]
    seconds: list[float]
    state: dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("yen")
    phases, seconds = short(folder), []
    with smtp_server() as server:
        month = Month(folder / "home", "", server, Commands())
        for number, phase in enumerate(phases):
            month.lay(phase)
            started = time.monotonic()
            assert month.run(number, phase) == 0
            seconds.append(time.monotonic() - started)
        return Undisturbed(phases, seconds, ended(month))


def ended(month: Month) -> dict[str, Any]:
    """The state at the end; no letter may have gone out twice by itself."""
    assert set(month.copies().values()) == {1}
    month.settle_doubts()
    state = month.state()
    month.workspace.engine.dispose()
    return state


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_commands_killed_and_typed_again_end_as_if_nothing_had_happened(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    dice = random.Random(SEED)  # noqa: S311 - not for secrets
    hits = 0
    with smtp_server() as server:
        month = Month(tmp_path / "home", "", server, Commands())
        for number, phase in enumerate(undisturbed.phases):
            month.lay(phase)
            for share in SHARES:
                moment = dice.uniform(IMPORTING_SECONDS, share * undisturbed.seconds[number])
                hits += month.run(number, phase, after=moment) == KILLED
            assert month.run(number, phase) == 0
        assert differences(undisturbed.state, ended(month)) == []
    assert hits


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_same_command_twice_at_once_has_one_effect(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """A double click, or the schedule and a person at the same moment."""
    with smtp_server() as server, ThreadPoolExecutor(2) as hands:
        month = Month(tmp_path / "home", "", server, Commands())
        for number, phase in enumerate(undisturbed.phases):
            month.lay(phase)
            assert list(hands.map(lambda hand, n=number, p=phase: month.run(f"{n}-{hand}", p), range(2))) == [0, 0]
        assert differences(undisturbed.state, ended(month)) == []
