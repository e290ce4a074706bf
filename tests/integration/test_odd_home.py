"""A home under a name that an address could take for something else: all that belongs to it lies in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from baocao.store.engine.address import sqlite_address

NAMES = ("du lieu?2022", "a#b", "a%20b%", 'd\'ữ "liệu"', "x?mode=memory&cache=shared")


def baocao(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BAOCAO_", "PREFECT_"))}
    command = [sys.executable, "-m", "deployments.cli", *arguments]
    environment = {**kept, "BAOCAO_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_the_database_lies_in_its_home(tmp_path: Path, name: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(sqlite_address(tmp_path / name))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER)"))
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.slow
def test_a_month_s_first_commands_leave_nothing_outside(tmp_path: Path) -> None:
    name = "".join(NAMES)
    home = tmp_path / name
    home.mkdir()
    _well(baocao(home, "collect", "--period", "2022-10", "--as-of", "2022-10-18T09:00"))
    _well(baocao(home, "report", "--period", "2022-10", "--as-of", "2022-10-24T08:30"))
    _well(baocao(home, "backup", str(tmp_path / "sao-luu.zip")))
    restored = tmp_path / "bản khôi phục?#%"
    _well(baocao(home, "restore", str(tmp_path / "sao-luu.zip"), "--home", str(restored)))
    before, after = (_status(place) for place in (home, restored))
    assert before["report"] == after["report"]
    assert {path.name for path in tmp_path.iterdir()} == {name, restored.name, "sao-luu.zip"}
    assert (home / "prefect" / "prefect.db").is_file()


def _well(done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 0, done.stderr


def _status(home: Path) -> dict[str, Any]:
    status: dict[str, Any] = json.loads(baocao(home, "status", "--period", "2022-10", "--json").stdout)
    return status
