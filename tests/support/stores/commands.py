"""The real command line on a test's home, as a process of its own."""

import os
import subprocess
import sys

from baocao.workspace.workspace import Workspace
from support import ROOT


def baocao(workspace: Workspace, *arguments: str, columns: str = "200") -> tuple[int, str, str]:
    """Run the real command on this home; its code, what it printed, and what it complained of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    places = {"BAOCAO_HOME": str(workspace.home), "BAOCAO_PLAN": str(workspace.settings.plan_folder)}
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *arguments],
        env={**kept, **places, "PYTHONPATH": str(ROOT), "COLUMNS": columns, "USER": "van-thu", "LOGNAME": "van-thu"},
        capture_output=True,
        text=True,
        cwd=workspace.home.parent,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr
