"""Quick commands stay quick: they import nothing heavy, as a fresh process shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"prefect", "great_expectations", "pandas", "matplotlib", "openpyxl"}
CODE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))
from deployments.cli import main
main()
"""


def modules_after(words: list[str], home: Path) -> set[str]:
    """What a fresh process has imported when the command is over."""
    environment = os.environ | {"BAOCAO_HOME": str(home), "BAOCAO_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "words",
    [["status", "--period", "2022-10"], ["outbox", "list"], ["plan", "calendar"], ["plan", "rules"], ["audit"]],
)
def test_what_people_type_while_they_wait_imports_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    assert not HEAVY & modules_after(words, tmp_path / "home")


def test_help_imports_next_to_nothing(tmp_path: Path) -> None:
    assert not (HEAVY | {"pydantic", "sqlalchemy", "rich"}) & modules_after(["--help"], tmp_path / "home")


def test_a_home_that_is_there_loads_neither_migrations_nor_the_other_database(tmp_path: Path) -> None:
    words = ["status", "--period", "2022-10"]
    modules_after(words, tmp_path / "home")
    assert not {"alembic", "sqlalchemy.dialects.postgresql"} & modules_after(words, tmp_path / "home")
