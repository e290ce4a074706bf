"""Every hostile file through the commands that people use: refused alone by ``check``, and beside a good one."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT
from support.stores.facts import OCTOBER
from support.stores.houses import house
from support.workbooks.hostile import write_hostile
from support.workbooks.samples import filled_workbook

from baocao.domain.received.submission import UNREADABLE_RULES, Verdict
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.store.submissions import findings_of, of_period

GIB = 1 << 30
EMPTY = "nothing.xlsx"
"""A file without a byte: intake leaves it where it is, because its sender may still be writing it."""

_CHECK_EACH = """
import contextlib, io, json, resource, sys, time
from deployments.cli import main
for path in sys.argv[1:]:
    sys.argv, said, started = ["baocao", "check", path, "--json"], io.StringIO(), time.monotonic()
    try:
        with contextlib.redirect_stdout(said):
            main()
    except SystemExit as end:
        code = end.code
    with open("/proc/self/status") as status:  # its own rusage counts the process that started it, too
        own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    memory = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) << 10
    print(json.dumps([path, code, time.monotonic() - started, memory, json.loads(said.getvalue())]))
"""

Laid = dict[str, tuple[Path, str]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_workbook(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def hostile(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return write_hostile(tmp_path_factory.mktemp("hostile"), good.read_bytes())


def run(home: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """A real command on this home, free of this process's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    environment = {**kept, "BAOCAO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, cwd=home.parent, check=False
    )


@pytest.mark.slow
def test_each_hostile_file_alone_is_refused_within_its_limits(hostile: Laid, tmp_path: Path) -> None:
    done = run(tmp_path / "home", "-c", _CHECK_EACH, *(str(path) for path, _ in hostile.values()))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(path) for path, *_ in told] == [path for path, _ in hostile.values()], done.stderr
    for (path, code, seconds, memory, document), (_, rule) in zip(told, hostile.values(), strict=True):
        rules = [finding["rule"] for finding in document["findings"]]
        assert (code, document["verdict"], rules) == (1, "unreadable", [rule]), path
        assert seconds < 30, path  # ten on a machine of its own; the reader's own limits hold
        assert memory < GIB, path


@pytest.mark.slow
def test_all_of_them_in_one_inbox_cost_a_good_workbook_nothing(good: Path, hostile: Laid, tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    inbox = workspace.settings.inbox_folder / "SCT"
    inbox.mkdir(parents=True)
    for path, _ in hostile.values():
        shutil.copy(path, inbox)
    shutil.copy(good, inbox / "m.xlsx")  # in the middle of them by its name
    done = run(workspace.home, "-m", "deployments.cli", "collect", "--period", "2022-10", "--as-of", "2022-10-19T17:00")
    ended = time.time()
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    begun = min(path.stat().st_mtime for path in (workspace.home / "archive").glob("*/*"))
    # From the first file taken to the end of the command, a third of it on a machine of its own.
    assert ended - begun < 180

    assert [path.name for path in inbox.iterdir()] == [EMPTY]
    with reading(workspace.engine) as connection:
        sent = of_period(connection, OCTOBER)
        findings = findings_of(connection, [one.id for one in sent])
        letters = list_messages(connection, kind="answer")
    workspace.engine.dispose()
    refused = [[finding.rule for finding in findings[one.id]] for one in sent if one.verdict is Verdict.UNREADABLE]
    expected = [[rule] for name, (_, rule) in hostile.items() if f"{name}.xlsx" != EMPTY]
    assert sorted(refused) == sorted(expected)
    assert {rule for rules in refused for rule in rules} == UNREADABLE_RULES
    assert [one.verdict for one in sent if one.verdict is not Verdict.UNREADABLE] == [Verdict.ACCEPTED]
    assert len(letters) == len(sent) == len(hostile)
