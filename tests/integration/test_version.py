"""``baocao --version``: which program this is and which database it writes, told at once and without a home."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from baocao.store.engine.revisions import head_revision


def test_the_version_names_the_program_and_its_database_and_makes_no_home(tmp_path: Path) -> None:
    environment = os.environ | {"BAOCAO_HOME": str(tmp_path / "home"), "BAOCAO_PLAN": "khong/co"}
    words = [sys.executable, "-m", "deployments.cli", "--version"]
    done = subprocess.run(words, env=environment, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"baocao {version('baocao')}, cơ sở dữ liệu {head_revision()}\n"
    assert not (tmp_path / "home").exists()
