"""The main job by itself at the real clock: ``serve`` on a plan made around now, and no ``--as-of``.

Once undisturbed, all by the calendar; once with everything killed at three random moments.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from support import ROOT
from support.months.served import PATIENCE, Office
from support.servers.prefects import baocao, clean_environment, wait_until
from support.servers.serving import power_cut
from support.servers.smtp import SmtpServer, smtp_server

PACES = 30  # within so many runs of a small command is ``serve`` up, on most machines
LETTERS = 3 + 3 + 3 * 3 + 1 + 3 + 1 + 2 * 3  # forms, reminders, an answer to every workbook, reports, budget, heads


def first_guess() -> float:
    """How long ``serve`` may take to start here and now, in seconds."""
    start = time.monotonic()
    baocao(clean_environment(), "plan", "check", str(ROOT / "plans" / "ninh-binh-2022"))
    return PACES * (time.monotonic() - start)


def office(folder: Path, mail: SmtpServer, seconds: float) -> Office:
    """A house in which all is due in so many seconds, and a start takes up what it finds before."""
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=round(seconds))
    return Office(due_at, folder, mail, 0.4 * seconds)


@contextmanager
def undisturbed(folder: Path) -> Iterator[tuple[Office, float]]:
    """A house that is up before all is due, and how long that took; where it took too long, another with more time."""
    seconds = first_guess()
    for number in range(4):
        with smtp_server() as mail:
            house = office(folder / str(number), mail, seconds)
            with house.serving() as process:
                seconds = started_in(house, process)
                if house.is_in_time():
                    yield house, seconds
                    return
        seconds *= 2
    pytest.fail("the machine is too slow")


def started_in(house: Office, process: "Popen[bytes]") -> float:
    """Lay what the units send while ``serve`` starts; the seconds until it is up."""
    began = time.monotonic()
    house.lay_all()
    house.wait_until_up(process)
    return time.monotonic() - began


def interrupted(house: Office, chance: random.Random) -> None:
    """Three lives of ``serve``: the first ends among the letters, the others at any moment of start or catching up."""
    among = chance.randrange(1, LETTERS)
    with house.serving() as process:
        seconds = started_in(house, process)
        wait_until(lambda: len(house.mail.received) >= among, PATIENCE)
        power_cut(process)
    for _ in range(2):
        with house.serving() as process:
            time.sleep(chance.uniform(0, 1.5 * seconds))
            power_cut(process)


def settle(house: Office) -> None:
    """A unit fills the form that it was mailed; then all that is due is done, and nothing is under way."""
    house.hand_in()
    wait_until(house.has_answered, PATIENCE)
    wait_until(lambda: house.has_published_all() and not house.is_busy(), PATIENCE)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(2400)
def test_the_months_leave_by_themselves_whatever_is_killed(tmp_path: Path) -> None:
    with undisturbed(tmp_path / "yen") as (house, seconds):
        settle(house)
        wait_until(house.has_done_all, PATIENCE)
    letters = house.letters()
    assert house.versions() == [["v1"]] * 3
    assert (set(letters.values()), len({key for key, _ in letters})) == ({1}, LETTERS)

    seed = random.randrange(10**6)  # noqa: S311 - not for secrets
    print(f"seed {seed}")  # of the moments, for whoever wants to meet them again
    with smtp_server() as mail:
        killed = office(tmp_path / "mat-dien", mail, seconds)
        interrupted(killed, random.Random(seed))  # noqa: S311 - not for secrets
        with killed.serving() as process:
            killed.wait_until_up(process)
            settle(killed)
        killed.settle_doubts()
    assert killed.versions() == [["v1"]] * 3
    assert killed.letters() == letters
