"""Quick commands stay quick: they import nothing heavy, as a fresh process shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("prefect", "great_expectations", "pandas", "matplotlib", "openpyxl")
CODE = f"""
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(set({HEAVY!r}) & set(sys.modules))), file=sys.stderr))
from deployments.cli import main
main()
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["status", "--period", "2022-10"], ["outbox", "list"], ["plan", "calendar"], ["audit"]]
)
def test_what_people_type_while_they_wait_imports_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    environment = os.environ | {"BAOCAO_HOME": str(tmp_path / "home"), "BAOCAO_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == []
