"""How a run behaves: loaded late, silent, leaving nothing behind, and quick for many."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT
from support.workbooks.content import PLAN, clean_content, counted

from baocao.domain.reported.history import History
from expectations import check_batch

IMPORTED = """
import sys
import expectations
print(sorted({"great_expectations", "pandas"} & {name.split(".")[0] for name in sys.modules}))
"""
CHECKED = """
from support.workbooks.content import PLAN, clean_content, counted
from baocao.domain.reported.history import History
from expectations import check_batch
check_batch(PLAN, [counted(clean_content(), "A1", 101, 100)], History())
"""
POSTPONED = """
import sys
assert not {"altair", "scipy.stats"} & set(sys.modules), "a second of loading for an expectation that no rule uses"
from great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than import stats
assert stats.entropy([0.5, 0.5], [0.5, 0.5]) == 0
assert stats.entropy is sys.modules["scipy.stats"].entropy
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
    heard = ["-W", "error", "-W", "ignore:module 'sre_:DeprecationWarning"]  # as for the tests themselves
    command = [sys.executable, *heard, "-c", path + code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_importing_the_room_loads_no_heavy_library(tmp_path: Path) -> None:
    done = run(IMPORTED, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.slow
def test_a_run_is_silent_leaves_no_file_and_loads_what_it_uses(tmp_path: Path) -> None:
    done = run(CHECKED + POSTPONED, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_three_hundred_submissions_are_one_run() -> None:
    clean, broken = clean_content(), counted(clean_content(), "A1", 101, 100)
    contents = [replace(broken if number % 3 == 0 else clean, unit=f"UNIT-{number}") for number in range(300)]
    figures = [
        (str(content.unit), f"2022-{month:02}", code, 99.0, 100.0)
        for content in contents
        for month in range(4, 10)
        for code in PLAN.figure_by_code
    ]
    check_batch(PLAN, contents[:1], History())  # loads the library
    begun = time.process_time()
    checked = check_batch(PLAN, contents, History(figures))
    assert time.process_time() - begun < 20
    assert [len(one.findings) for one in checked] == [1, 0, 0] * 100
