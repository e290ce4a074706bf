"""Which files the database speaks of: a backup without one of them would not be whole."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from baocao.store import receipts, reports
from baocao.store.archive import archive_path
from baocao.store.engine.names import Connection
from baocao.store.outbox import messages

_REPORT_FILE = "bao-cao.pdf"


def referenced_files(connection: Connection) -> set[str]:
    """The files of every receipt, message and published report, relative to the home, with ``/``."""
    return {*_received(connection), *_mails(connection), *_reports(connection)}


def _received(connection: Connection) -> Iterator[str]:
    home = Path()
    for sha256, name in receipts.files(connection):
        yield archive_path(home, sha256, name).as_posix()


def _mails(connection: Connection) -> Iterator[str]:
    for name in messages.files(connection):
        yield str(PurePosixPath("outbox", name))


def _reports(connection: Connection) -> Iterator[str]:
    for period, version in reports.published_versions(connection):
        yield f"reports/{period}/v{version}/{_REPORT_FILE}"
