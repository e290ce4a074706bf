"""``serve`` told to end while it is still starting."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from support.servers.smtp import free_port


@pytest.mark.slow
def test_sigterm_while_starting_leaves_no_server_behind(tmp_path: Path) -> None:
    port = str(free_port())
    home = str(tmp_path / "home")
    environment = os.environ | {
        "BAOCAO_HOME": home,
        "BAOCAO_DATABASE_URL": "",
        "PREFECT_SERVER_API_PORT": port,
        "BAOCAO_PORTAL_PORT": "0",
    }
    environment.pop("PREFECT_API_URL", None)
    serving = subprocess.Popen(
        [sys.executable, "-m", "deployments.cli", "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    with serving:
        assert serving.stdout is not None
        serving.stdout.readline()
        children = psutil.Process(serving.pid).children(recursive=True)
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(180) == 0
    assert children
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive
