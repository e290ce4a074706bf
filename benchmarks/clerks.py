"""The clerks of an evening: fifty check their files within a minute, against the real ``baocao serve``.

Run: ``python benchmarks/clerks.py --clerks 50``. One clerk checks ten files first, one after the other, with a warm
window; then all come, at moments of their own within a minute: each opens the first page and checks a file, a third of
them a faulty one. Meanwhile the window and Prefect's server are asked for their health, and the memory of every process
below ``serve`` is looked at. Prints one JSON document.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from baocao.domain.planned.period import Period  # noqa: E402
from baocao.plan.loading import load_plan  # noqa: E402
from baocao.store.engine.database import writing  # noqa: E402
from baocao.store.sign_in.sessions import open_session  # noqa: E402
from baocao.workspace.settings import load_settings  # noqa: E402
from baocao.workspace.workspace import Workspace  # noqa: E402
from benchmarks.evening import figures  # noqa: E402
from benchmarks.national_files import Variant, make_plan, variants  # noqa: E402
from benchmarks.serving import environment, free_port, lay_plan, print_measured, serving  # noqa: E402
from portal.room.seal import Seal, new_code  # noqa: E402
from portal.room.visit import SESSION  # noqa: E402

MINUTE, ALONE = 60.0, 10
UP_SECONDS = 120.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clerks", type=int, default=50)
    asked = parser.parse_args()
    print_measured("clerks", lambda folder: measure(folder, asked.clerks))


def measure(folder: Path, clerks: int) -> dict[str, Any]:
    """One evening in a house of its own."""
    period = Period.of(datetime.now(UTC))
    make_plan(folder / "nguon", clerks)
    plan = lay_plan(folder, folder / "nguon", period.shift(-1))
    files = files_for(plan, period)
    port = str(free_port())
    with serving(folder, environment(folder, BAOCAO_PORTAL_PORT=port)) as process:
        address = f"http://127.0.0.1:{port}"
        wait_until_up(address)
        people = [Clerk(address, token) for token in sessions(folder, clerks)]
        alone = [people[0].checks(files[number % len(files)]) for number in range(ALONE)]
        watch = Watch(address, psutil.Process(process.pid))
        with watch.watching():
            waits = crowd(people, files)
    failed = sum(one.failed for one in people)
    told = {"clerks": clerks, "failed": failed, "alone": figures(alone), "within_a_minute": figures(waits)}
    return told | watch.told()


def files_for(plan: Path, period: Period) -> list[Callable[[int], bytes]]:
    """Twenty kinds of files, by the number of the unit that they are for: a third of them faulty."""
    loaded = load_plan(plan)
    good, faulty = variants(loaded, period)
    codes = [one.code for one in loaded.units]
    chosen = [faulty if number % 3 == 0 else good[number] for number in range(20)]
    return [_copies(one, codes) for one in chosen]


def _copies(one: Variant, codes: Sequence[str]) -> Callable[[int], bytes]:
    return lambda number: one.for_unit(codes[number])


def sessions(folder: Path, clerks: int) -> list[str]:
    """Everybody signed in: how links are mailed is measured nowhere here."""
    settings = load_settings(home=folder / "home", plan=folder / "ke-hoach", _env_file=None)
    workspace = Workspace(settings)
    seal, now, tokens = Seal(workspace.home), datetime.now(UTC), [new_code() for _ in range(clerks)]
    with writing(workspace.engine) as connection:
        for token, unit in zip(tokens, workspace.plan.units, strict=True):
            open_session(connection, seal.hashed(token), unit.email, now, now + timedelta(hours=1))
    workspace.engine.dispose()
    return tokens


@dataclass
class Clerk:
    """One browser; its number is that of its unit."""

    address: str
    token: str
    number: int = 0
    failed: int = 0

    def checks(self, file: Callable[[int], bytes]) -> float:
        """Open the page, choose a file, check it; the seconds of the check."""
        with httpx.Client(base_url=self.address, cookies={SESSION: self.token}, timeout=120) as browser:
            page = browser.get("/").text
            csrf = page.split('name="csrf" content="')[1].split('"')[0]
            sent = {"tep": ("bao-cao.xlsx", file(self.number))}
            start = time.monotonic()
            answer = browser.post("/kiem-tra", data={"csrf": csrf}, files=sent)
            seconds = time.monotonic() - start
        self.failed += answer.status_code != 200 or "Kết quả kiểm tra" not in answer.text
        return seconds


def crowd(people: list[Clerk], files: list[Callable[[int], bytes]], seed: int = 1) -> list[float]:
    """All of them within a minute; the seconds that each waited."""
    chance = random.Random(seed)  # noqa: S311 - sample data
    moments = [chance.uniform(0, MINUTE) for _ in people]
    start = time.monotonic()

    def come(number: int) -> float:
        time.sleep(max(0.0, start + moments[number] - time.monotonic()))
        people[number].number = number
        return people[number].checks(files[number % len(files)])

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(come, range(len(people))))


@dataclass
class Watch:
    """What it costs meanwhile."""

    address: str
    serve: psutil.Process
    health: list[float] = field(default_factory=list)
    largest: int = 0
    whole: int = 0
    own: int = 0
    _over: Event = field(default_factory=Event)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """For the length of the block."""
        threads = [Thread(target=one) for one in (self._ask, self._weigh)]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            self._over.set()
            for one in threads:
                one.join()

    def _ask(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self._over.wait(0.25):
                start = time.monotonic()
                client.get(f"{self.address}/suc-khoe").raise_for_status()
                self.health.append(time.monotonic() - start)

    def _weigh(self) -> None:
        while not self._over.wait(0.5):
            sizes = [_resident(one) for one in self.serve.children(recursive=True)]
            self.own = max(self.own, _resident(self.serve))
            self.largest = max(self.largest, *sizes, 0)
            self.whole = max(self.whole, sum(sizes) + self.own)

    def told(self) -> dict[str, Any]:
        """The document's part."""
        mib = {"serve": self.own, "largest_below_serve": self.largest, "all_together": self.whole}
        return {
            "health_ms": {name: round(seconds * 1000) for name, seconds in _three(self.health).items()},
            "memory_mib": {name: size >> 20 for name, size in mib.items()},
        }


def _resident(one: psutil.Process) -> int:
    try:
        return int(one.memory_info().rss)
    except psutil.Error:
        return 0


def _three(waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    return {"median": median(ordered), "p95": ordered[int(0.95 * (len(ordered) - 1))], "worst": ordered[-1]}


def wait_until_up(address: str) -> None:
    """Until the window answers."""
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/suc-khoe", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(1)
    raise TimeoutError("the window is not up; see serve.log")


if __name__ == "__main__":
    main()
