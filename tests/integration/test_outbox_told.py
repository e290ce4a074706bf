"""What commands say of mails: whole keys, every try and fault, files called files; and no home where there is none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.mail.letters import BCD, outgoing
from support.stores.commands import baocao
from support.stores.facts import OCTOBER
from support.stores.houses import clock_at, house

from baocao.decisions.signing import sign
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import deliver_all
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.messages import summarize
from baocao.workspace.workspace import Workspace

LONG = "answer/2022-10/SO-GIAO-DUC-VA-DAO-TAO/v1/mot-khoa-rat-dai-ma-khong-duoc-gap-lai"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = house(tmp_path / "home", "")
    clock = clock_at(made, "2022-10-24T08:00")
    with writing(made.engine) as connection:
        enqueue(connection, [outgoing(), outgoing(LONG, recipients=(BCD,))], made.outbox_folder, clock.now)
        audit.record(connection, sign("Văn thư", "thử lại", clock), "retry", LONG, period=OCTOBER)
    return made


@pytest.mark.slow
def test_keys_are_whole_however_narrow_the_terminal(workspace: Workspace) -> None:
    code, printed, _ = baocao(workspace, "outbox", "list", columns="40")
    assert code == 0
    assert {LONG, "report/2022-10/v1"} <= set(printed.splitlines())
    assert f"  {BCD[1]}: Chờ gửi" in printed.splitlines()
    _, printed, _ = baocao(workspace, "audit", columns="40")
    assert LONG in printed


@pytest.mark.slow
def test_what_lies_in_files_is_called_so_and_counts_as_sent(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-24T08:00")
    deliver_all(workspace, clock)
    _, printed, _ = baocao(workspace, "outbox", "list")
    assert printed.count("Đã ghi ra tệp") == 3
    assert "Đã gửi" not in printed
    _, printed, _ = baocao(workspace, "status", "--period", "2022-10")
    assert "Thư: đã ghi ra tệp 3" in printed
    _, printed, _ = baocao(workspace, "status", "--period", "2022-10", "--json")
    counts = {"sent": 3, "pending": 0, "refused": 0, "deferred": 0, "uncertain": 0}
    assert json.loads(printed)["deliveries"] == counts
    with reading(workspace.engine) as connection:
        assert summarize(connection, OCTOBER).filed == 3


@pytest.mark.slow
@pytest.mark.parametrize("command", [("status",), ("status", "--json"), ("outbox", "list"), ("audit",)])
def test_looking_makes_no_home(tmp_path: Path, command: tuple[str, ...]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *command],
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "Chưa có thư mục dữ liệu" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
