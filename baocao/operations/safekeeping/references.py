"""Which files the database speaks of: a backup without one of them would not be whole."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, select

from baocao.store.archive import archive_path
from baocao.store.reports import ReportState
from baocao.store.schema.mail import message
from baocao.store.schema.reporting import receipt, report

_REPORT_FILE = "bao-cao.pdf"


def referenced_files(connection: Connection) -> set[str]:
    """The files of every receipt, message and published report, relative to the home, with ``/``."""
    return {*_received(connection), *_mails(connection), *_reports(connection)}


def _received(connection: Connection) -> Iterator[str]:
    home = Path()
    for sha256, name in connection.execute(select(receipt.c.sha256, receipt.c.name)):
        yield archive_path(home, sha256, name).as_posix()


def _mails(connection: Connection) -> Iterator[str]:
    for name in connection.scalars(select(message.c.eml_file)):
        yield str(PurePosixPath("outbox", name))


def _reports(connection: Connection) -> Iterator[str]:
    query = select(report.c.period, report.c.version).where(report.c.state == ReportState.PUBLISHED)
    for period, version in connection.execute(query):
        yield f"reports/{period}/v{version}/{_REPORT_FILE}"
