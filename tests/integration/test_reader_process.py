"""Reader processes: what aborts, hangs, floods or dies costs one file; nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support.workbooks import hostile
from support.workbooks.samples import filled_workbook, plan

from baocao.domain.received.submission import Content
from baocao.isolation import process
from baocao.isolation.pools import close_pools
from baocao.isolation.process import Limits, ReaderPool, read_one
from baocao.system.errors import BaocaoError
from baocao.workbook.reading.reader import read_workbook


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_workbook(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module", autouse=True)
def nothing_lent() -> None:
    """End what other tests of this process left idle, so that every child seen here is of here."""
    close_pools()


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(plan(), workers=2) as opened:
        yield opened


def rules(content: Content) -> list[str]:
    return [finding.rule for finding in content.findings]


def children() -> list[int]:
    """The reader processes of this process that are still there (zombies, too)."""
    found = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="], capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "baocao.isolation.child" in line]


def is_gone(pid: int, within: float) -> bool:
    """Whether a process that is not our child (or was reaped) ends within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_file_reads_the_same_as_in_this_process(good: Path) -> None:
    assert read_one(good, plan()) == read_workbook(good, plan())
    assert children() == []


@pytest.mark.slow
def test_files_come_in_order_whatever_happens_to_their_neighbours(good: Path, pool: ReaderPool, tmp_path: Path) -> None:
    flood = write(tmp_path / "lụt.xlsx", hostile.shared_string_flood(good.read_bytes()))
    text = write(tmp_path / "chữ.xlsx", b"Ma;Tu so")
    gone = tmp_path / "không có.xlsx"
    expected = read_workbook(good, plan())
    contents = list(pool.read_all([good, flood, good, text, good, gone, good, good]))
    assert [rules(content) for content in contents] == [
        [], ["file_unsafe"], [], ["file_unreadable"], [], ["file_unreadable"], [], [],
    ]  # fmt: skip
    assert all(content == expected for content in contents if not content.findings)


@pytest.mark.slow
def test_a_memory_flood_is_stopped_at_the_limit(good: Path, tmp_path: Path) -> None:
    flood = write(tmp_path / "lụt.xlsx", hostile.shared_string_flood(good.read_bytes()))
    started = time.monotonic()
    content = read_one(flood, plan())
    assert rules(content) == ["file_unsafe"]
    assert "bộ nhớ" in content.findings[0].message
    assert time.monotonic() - started < 60


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_given_up(good: Path, tmp_path: Path) -> None:
    """No good file beside it: on a busy machine that one could take as long. The next file gets a child of its own."""
    slow = write(tmp_path / "chậm.xlsx", hostile.long_sheet(good.read_bytes()))
    with ReaderPool(plan(), workers=1, limits=Limits(wall_seconds=0.15)) as pool:
        contents = list(pool.read_all([slow, slow]))
    assert [rules(content) for content in contents] == [["file_unsafe"], ["file_unsafe"]]
    assert all("quá lâu" in content.findings[0].message for content in contents)
    usual = Limits()
    assert usual.wall_seconds >= 15 * usual.cpu_seconds  # on the last evening many wait for the processor


@pytest.mark.slow
def test_an_abort_in_the_parser_costs_only_that_file(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is taken away: the parser meets the corner cell."""
    monkeypatch.setattr(process, "_CHILD", "support.workbooks.unguarded_child")
    monkeypatch.setattr(process, "_environment", lambda: {**os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}"})
    corner = write(tmp_path / "góc.xlsx", hostile.corner(good.read_bytes()))
    with ReaderPool(plan(), workers=1) as pool:
        contents = list(pool.read_all([good, corner, good]))
    assert [rules(content) for content in contents] == [[], ["file_unsafe"], []]


@pytest.mark.slow
def test_a_child_killed_from_outside_costs_nothing(good: Path, pool: ReaderPool) -> None:
    contents = pool.read_all([good] * 40)
    read = [next(contents) for _ in range(5)]
    for pid in children():
        os.kill(pid, signal.SIGKILL)
    read += contents
    assert [rules(content) for content in read] == [[]] * 40


@pytest.mark.slow
def test_all_hostile_files_beside_a_good_one(good: Path, pool: ReaderPool, tmp_path: Path) -> None:
    files = list(hostile.write_hostile(tmp_path, good.read_bytes()).values())
    paths = [good, *(path for path, _ in files), good]
    started = time.monotonic()
    contents = list(pool.read_all(paths))
    assert [rules(content) for content in contents] == [[], *([rule] for _, rule in files), []]
    assert time.monotonic() - started < 240


@pytest.mark.slow
def test_nothing_is_left_behind(good: Path) -> None:
    with ReaderPool(plan(), workers=2) as pool:
        half = pool.read_all([good] * 20)
        next(half)
        assert children()
        half.close()
        assert len(list(pool.read_all([good] * 4))) == 4
    assert children() == []


@pytest.mark.slow
def test_children_do_not_outlive_their_parent(good: Path, tmp_path: Path) -> None:
    """The parent is killed with -9 while a child is deep in native code."""
    slow = write(tmp_path / "chậm.xlsx", hostile.long_sheet(good.read_bytes()))
    script = f"""
import sys, subprocess, os
sys.path[:0] = ["{ROOT}", "{ROOT / "tests"}"]
from pathlib import Path
from support.workbooks.samples import plan
from baocao.isolation.process import ReaderPool
pool = ReaderPool(plan(), workers=2)
contents = pool.read_all([Path("{good}"), *[Path("{slow}")] * 2])
next(contents)
print(*[child._process.pid for child in pool._children], flush=True)
list(contents)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    assert all(is_gone(pid, within=30) for pid in pids)


def test_pools_work_from_threads_that_come_and_go(good: Path, pool: ReaderPool) -> None:
    """A child started by a thread lives on when that thread has ended."""
    read: list[Content] = []

    def run() -> None:
        read.extend(pool.read_all([good] * 3))

    for _ in range(2):
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    pids = children()
    read.extend(pool.read_all([good]))
    assert [rules(content) for content in read] == [[]] * 7
    assert children() == pids


def test_the_child_imports_nothing_heavy(good: Path) -> None:
    script = """
import sys
import baocao.isolation.child
heavy = {"pandas", "numpy", "prefect", "great_expectations", "openpyxl", "matplotlib", "sqlalchemy", "yaml"}
print(sorted(heavy & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "[]"


def test_the_child_knows_no_passwords(monkeypatch: pytest.MonkeyPatch, good: Path, pool: ReaderPool) -> None:
    monkeypatch.setenv("BAOCAO_SMTP_PASSWORD", "bí mật")
    next(pool.read_all([good]))
    [pid, *_] = children()
    assert "BAOCAO_SMTP_PASSWORD" not in Path(f"/proc/{pid}/environ").read_text(encoding="utf-8")


def test_a_child_that_cannot_start_is_no_fault_of_the_files(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_CHILD", "baocao.no_such_module")
    with pytest.raises(BaocaoError):
        read_one(good, plan())


def test_no_files_need_no_children(pool: ReaderPool) -> None:
    assert list(pool.read_all([])) == []
    assert children() == []
