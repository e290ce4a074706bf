"""What ``baocao deploy`` refuses, and how it says so."""

import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.servers.prefects import clean_environment
from support.servers.smtp import free_port


def refused(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run the real command; its code and what it complained of."""
    mine = {"BAOCAO_HOME": str(home), "BAOCAO_PLAN": str(ROOT / "plans" / "nhan-rong-mau"), **more}
    command = [sys.executable, "-m", "deployments.cli", *arguments]
    done = subprocess.run(
        command, env={**clean_environment(), **mine}, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("address", "code", "word"),
    [("", 2, "PREFECT_API_URL"), (f"http://127.0.0.1:{free_port()}/api", 4, "không trả lời")],
    ids=["none", "silent"],
)
def test_deploy_needs_a_server_that_answers(tmp_path: Path, address: str, code: int, word: str) -> None:
    found, complaint = refused(
        tmp_path, "deploy", "--pool", "baocao", **({"PREFECT_API_URL": address} if address else {})
    )
    assert (found, word in complaint) == (code, True)
