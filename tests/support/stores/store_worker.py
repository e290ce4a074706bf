"""A process that works on the store, for tests that run several at once or kill one.

``claim URL HOME``: claims every waiting file, prints their ids, and holds them until its input ends.
``file URL HOME UNIT``: files five reports of the unit one after another, printing the version of each.
Both wait for the file ``HOME/go``.
"""

import os
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from baocao.store import receipts, submissions
from baocao.store.engine.database import connect, writing
from support.stores.facts import filed, take
from support.workbooks.content import clean_content


def main(what: str, url: str, home: Path, unit: str = "SCT") -> None:
    """Do one thing, at the moment that the test gives."""
    engine = connect(url)
    (home / f"ready-{os.getpid()}").touch()
    while not (home / "go").exists():
        time.sleep(0.005)
    if what == "claim":
        ids = receipts.waiting_ids(engine)
        print(*(one.id for one in receipts.claim(engine, ids)), flush=True)
        sys.stdin.read()
    else:
        _file(engine, unit)


def _file(engine: Engine, unit: str) -> None:
    for number in range(5):
        one = take(engine, f"{os.getpid()}-{number}.xlsx", unit=unit)
        with writing(engine) as connection:
            (saved,) = submissions.save(connection, [filed(one, clean_content(unit=unit))])
        print(saved.version)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
