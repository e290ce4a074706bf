"""The monthly cycle by two workers on PostgreSQL, by hand on SQLite, and over Dask: the same figures."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support import ROOT
from support.servers.postgres import Cluster
from support.servers.prefects import (
    Api,
    baocao,
    clean_environment,
    environment,
    prefect,
    prefect_server,
    started,
    wait_until,
)
from support.servers.serving import UP_SECONDS
from support.servers.smtp import SmtpServer, smtp_server
from support.stores.houses import house
from support.workbooks import samples

from baocao.domain.planned.period import Period
from baocao.operations.export import export_rows
from baocao.store.engine.database import reading
from baocao.store.schema.reporting import submission
from baocao.workspace.workspace import Workspace

POOL = "baocao"
YAML = ROOT / "deployments" / "prefect.yaml"
UNITS = ("STTTT", "SCT", "SNV")
COLLECTED, REPORTED = "2022-09-19T17:00", "2022-09-23T08:00"
WHATS = ("values", "consolidated", "tasks", "findings")
MONTH = Period(2022, 9)
WORKERS = ("may-1", "may-2")


@dataclass(frozen=True)
class House:
    """A home with the month's files in its inbox, and a mail server of its own."""

    workspace: Workspace
    environment: dict[str, str]
    mail: SmtpServer

    def exported(self) -> list[bytes]:
        """Every export of the month, as the command writes it."""
        return [export_rows(self.workspace, MONTH, what, "csv") for what in WHATS]

    def mails(self) -> list[str]:
        """Whom each mail that the server took is to, and about what."""
        messages = (message_from_bytes(one.content, policy=policy.default) for one in self.mail.received)
        return sorted(f"{message['To']} {message['Subject']}" for message in messages)

    def submissions(self) -> int:
        with reading(self.workspace.engine) as connection:
            return connection.scalar(select(func.count()).select_from(submission)) or 0


@contextmanager
def furnished(folder: Path, database_url: str = "", **more: str) -> Iterator[House]:
    workspace = house(folder / "home", database_url or f"sqlite:///{folder / 'home' / 'baocao.db'}")
    for unit in UNITS:
        path = workspace.settings.inbox_folder / unit / "bao-cao.xlsx"
        filled = samples.clean_filled(samples.plan(), unit, "2022-09")
        samples.write_filled(path, samples.plan(), unit, "2022-09", filled)
    with smtp_server() as mail:
        address = {"BAOCAO_DATABASE_URL": workspace.settings.database}
        mine = environment(workspace.home, workspace.settings.plan_folder, mail, **address, **more)
        try:
            yield House(workspace, mine, mail)
        finally:
            workspace.engine.dispose()


def by_hand(folder: Path, api: Api, **more: str) -> tuple[list[bytes], list[str]]:
    """The month by the command line, on SQLite; its exports and its mails."""
    with furnished(folder, **more, PREFECT_API_URL=api.address) as one:
        baocao(one.environment, "collect", "--period", str(MONTH), "--as-of", COLLECTED)
        baocao(one.environment, "report", "--period", str(MONTH), "--as-of", REPORTED)
        return one.exported(), one.mails()


@pytest.fixture
def api(tmp_path: Path, postgres: Cluster) -> Iterator[Api]:
    """A Prefect server whose own data lie in PostgreSQL too."""
    mine = {**clean_environment(), "PREFECT_HOME": str(tmp_path / "prefect")}
    with prefect_server(mine, postgres.new_database().replace("+psycopg", "+asyncpg")) as running:
        yield running


@contextmanager
def two_workers(mine: dict[str, str], folder: Path) -> Iterator[None]:
    """Two workers of the pool, each with one run at a time, so that neither can do all."""
    command = ("-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--limit", "1")
    with ExitStack() as running:
        for name in WORKERS:
            running.enter_context(started(mine, folder / f"{name}.log", *command, "--name", name))
        yield


def online(api: Api) -> set[str]:
    """The names of the workers that ask for work."""
    workers = api.call("POST", f"/work_pools/{POOL}/workers/filter", {})
    return {one["name"] for one in workers if one["status"] == "ONLINE"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_workers_threads_and_dask_give_the_same(tmp_path: Path, postgres: Cluster, api: Api) -> None:
    exported, mails = by_hand(tmp_path / "luong", api)
    assert by_hand(tmp_path / "dask", api, BAOCAO_TASK_RUNNER="dask") == (exported, mails)

    more = {"PREFECT_API_URL": api.address, "PREFECT_WORKER_QUERY_SECONDS": "1"}
    with furnished(tmp_path / "hai-may", postgres.new_database(), **more) as shared:
        baocao(shared.environment, "deploy", "--pool", POOL)
        prefect(shared.environment, "--no-prompt", "deploy", "--all", "--prefect-file", str(YAML))
        baocao(shared.environment, "deploy", "--pool", POOL)  # registered three times, nothing doubles
        deployments = api.call("POST", "/deployments/filter", {})
        assert len(deployments) == 7
        for deployment in deployments:
            api.call("PATCH", f"/deployments/{deployment['id']}", {"paused": True})  # nothing by the real clock
        with two_workers(shared.environment, tmp_path):
            wait_until(lambda: online(api) == set(WORKERS), UP_SECONDS)  # or the first one there would take both
            for job, moment in (("thu-bao-cao", COLLECTED), ("bao-cao-tong-hop", REPORTED)):
                runs = [api.trigger(job, period=str(MONTH), as_of=moment), api.trigger("lam-bu", as_of=moment)]
                for run in runs:
                    api.completes(run)
                assert {api.run(run)["labels"]["prefect.worker.name"] for run in runs} == set(WORKERS)
        assert shared.exported() == exported
        assert shared.submissions() == len(UNITS)
        assert set(mails) < set(shared.mails())
        assert len(set(shared.mails())) == len(shared.mails())
