"""A process that takes in an inbox, for tests that run several at once or kill one on its way.

Arguments: database address, home, inbox, and where to die: ``archive`` (before the bytes are kept), ``record`` (kept,
but not recorded), ``unlink`` (recorded, but still in the inbox), or ``-`` to live. Waits for the file ``home/go`` when
it is asked to by a fifth argument. Prints how many files were new.
"""

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baocao.domain.planned.period import Period
from baocao.intake import taking
from baocao.intake.folder import find_waiting
from baocao.store.engine.database import open_database

UNITS = ("STTTT", "SCT", "SNV")


def die(*_: Any, **__: Any) -> Any:
    """As a power cut would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, home: Path, inbox: Path, death: str, *wait: str) -> None:
    """Take in what waits."""
    engine = open_database(url, "p", datetime.now(UTC))
    if death == "archive":
        taking.archive.keep = die
    elif death == "record":
        taking.receipts.record = die
    elif death == "unlink":
        taking.remove = die
    (home / f"ready-{os.getpid()}").touch()
    while wait and not (home / "go").exists():
        time.sleep(0.005)
    now = datetime.now(UTC)
    found = find_waiting(inbox, UNITS, now, stable_seconds=0)
    print(taking.take_in_folder(engine, home, found, Period(2022, 10), now, is_simulated=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
