"""The command line on a test's home: as a process of its own, or run in this one where the process is not the point."""

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from baocao.workspace.workspace import Workspace, open_workspace
from deployments.dispatch import run
from support import ROOT


def baocao(workspace: Workspace, *arguments: str, columns: str = "200") -> tuple[int, str, str]:
    """Run the real command on this home; its code, what it printed, and what it complained of."""
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *arguments],
        env={**_kept(), **_places(workspace), "PYTHONPATH": str(ROOT), **_person(columns)},
        capture_output=True,
        text=True,
        cwd=workspace.home.parent,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def baocao_here(workspace: Workspace, *arguments: str) -> tuple[int, str, str]:
    """The same in this process, which has loaded what the command needs."""
    return run_here(workspace.home.parent, _places(workspace) | _person("200"), *arguments)


def run_here(folder: Path, settings: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process, in a folder and with these settings alone; its code and what it wrote."""
    printed, complaint = StringIO(), StringIO()
    open_workspace.cache_clear()
    alone = patch.dict(os.environ, _kept() | settings, clear=True)  # what the command sets goes, too
    with alone, chdir(folder), redirect_stdout(printed), redirect_stderr(complaint):
        code = run([*arguments])
    open_workspace.cache_clear()
    assert "Traceback" not in complaint.getvalue()
    return code, printed.getvalue(), complaint.getvalue()


def _kept() -> dict[str, str]:
    """The environment without what is set for this program."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}


def _places(workspace: Workspace) -> dict[str, str]:
    return {"BAOCAO_HOME": str(workspace.home), "BAOCAO_PLAN": str(workspace.settings.plan_folder)}


def _person(columns: str) -> dict[str, str]:
    return {"COLUMNS": columns, "USER": "van-thu", "LOGNAME": "van-thu"}
