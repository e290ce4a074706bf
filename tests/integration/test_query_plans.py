"""How SQLite finds rows: no large table is read through where an index leads to what is asked."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.transport import FileTransport
from baocao.oversight.status import period_status
from baocao.reporting.preparation import prepare_report
from baocao.site import build_site
from baocao.store import receipts
from baocao.store.accepted.history import history_of
from baocao.store.engine.database import reading
from baocao.workspace.workspace import Workspace

LARGE = ("figures", "tasks", "difficulties", "assignments", "budget", "assessments", "finding", "receipt", "delivery")
SCAN = re.compile(rf"SCAN ({'|'.join(LARGE)})\b(?! USING)")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", f"sqlite:///{tmp_path / 'baocao.db'}")


def plans_of(workspace: Workspace, asked: list[tuple[str, Any]]) -> dict[str, list[str]]:
    """By statement, the steps of its plan."""
    with workspace.engine.connect() as connection:
        return {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked
        }


def test_no_large_table_is_scanned_by_what_runs_every_day(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content())
    clock = clock_at(workspace, "2022-10-24T08:00")
    asked: list[tuple[str, Any]] = []

    @event.listens_for(workspace.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith("SELECT") and not many:
            asked.append((statement, values))

    receipts.waiting_ids(workspace.engine)
    with reading(workspace.engine) as connection:
        history_of(connection, workspace.plan, [clean_content()])
    prepare_report(workspace, OCTOBER, clock, is_draft=False)
    period_status(workspace, OCTOBER, clock)
    build_site(workspace, clock)
    deliver(workspace.engine, FileTransport(workspace.outbox_folder), workspace.outbox_folder, clock.now)
    event.remove(workspace.engine, "before_cursor_execute", note)

    plans = plans_of(workspace, asked)
    assert len(plans) > 15
    scanned = {statement: steps for statement, steps in plans.items() if any(map(SCAN.search, steps))}
    assert not scanned
