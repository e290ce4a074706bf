"""What ``baocao deploy`` refuses, and how it says so."""

from pathlib import Path

import pytest
from support import ROOT
from support.servers.prefects import refused
from support.servers.smtp import free_port


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "code", "word"),
    [("", 2, "PREFECT_API_URL"), (f"http://127.0.0.1:{free_port()}/api", 4, "không trả lời")],
    ids=["none", "silent"],
)
def test_deploy_needs_a_server_that_answers(tmp_path: Path, address: str, code: int, word: str) -> None:
    mine = {"BAOCAO_PLAN": str(ROOT / "plans" / "nhan-rong-mau"), **({"PREFECT_API_URL": address} if address else {})}
    found, complaint = refused(tmp_path, "deploy", "--pool", "baocao", **mine)
    assert (found, word in complaint) == (code, True)
