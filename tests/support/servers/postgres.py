"""A real PostgreSQL for the tests: a private cluster in a temporary folder, stopped at the end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL

USER = "postgres"


def _binaries() -> Path:
    """Where Debian's packages put the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql (as .ci/run does)")
    return found[-1].parent


class Cluster:
    """A running server that only this user reaches, by a socket in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.binaries = _binaries()
        self._template = ""

    def run(self, program: str, *arguments: str) -> None:
        as_user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_user,
        )

    def initialise(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER, USER)
        self.run("initdb", "-D", str(self.data), "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=100"
        self.run("pg_ctl", "-D", str(self.data), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def new_database(self, migrate: Callable[[str], None] | None = None) -> str:
        """The address of a new empty database, or of a copy of one that ``migrate`` has been at once."""
        if migrate is None:
            return self._create(f"t{uuid4().hex[:12]}")
        if not self._template:
            self._template = f"mau{uuid4().hex[:12]}"
            migrate(self._create(self._template))
        return self._create(f"t{uuid4().hex[:12]} TEMPLATE {self._template}")

    def _create(self, name: str) -> str:
        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = URL.create(
            "postgresql+psycopg", username=USER, database=name.split()[0], query={"host": str(self.folder)}
        )
        return url.render_as_string(hide_password=False)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster that runs while the block does."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    cluster = Cluster(folder)
    try:
        cluster.initialise()
        cluster.start()
        yield cluster
    finally:
        if (cluster.data / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
