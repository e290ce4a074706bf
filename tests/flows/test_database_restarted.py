"""PostgreSQL is restarted while a collection writes: Prefect tries the step again, and the month is as it should be."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from support.months.october import COLLECTED, OCTOBER, lay_all
from support.servers.postgres import USER, Cluster, running_cluster
from support.stores.inboxes import UNITS

from baocao.domain.delivery import DeliveryState
from baocao.oversight.status import period_status
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace
from flows.collect import collect


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of our own, because it is restarted."""
    with running_cluster() as running:
        yield running


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.mark.slow
def test_a_restart_in_mid_batch_is_survived(workspace: Workspace, cluster: Cluster) -> None:
    lay_all(workspace)
    left: list[int] = []

    def restart(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO submission") and not left:
            left.append(-1)
            cluster.stop()
            cluster.start()
            left[0] = submissions_in(workspace)

    event.listen(workspace.engine, "after_cursor_execute", restart)
    collect("2022-10", COLLECTED)

    assert left == [0]
    status = period_status(workspace, OCTOBER, read_clock(COLLECTED, workspace.zone)).as_row()
    assert {(one["state"], one["version"]) for one in status["units"]} == {("accepted", 1)}
    with reading(workspace.engine) as connection:
        letters = list_messages(connection, kind="answer")
    assert [one.unit for one in letters] == sorted(UNITS)
    assert {to.state for one in letters for to in one.deliveries} == {DeliveryState.SENT}


def submissions_in(workspace: Workspace) -> int:
    """How many there are, seen from outside."""
    url = workspace.engine.url
    with psycopg.connect(host=str(url.query["host"]), user=USER, dbname=url.database) as connection:
        (found,) = connection.execute("SELECT count(*) FROM submission").fetchone() or (-1,)
    return int(found)
