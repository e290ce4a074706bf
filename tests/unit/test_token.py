"""Mã nộp: one per plan, unit, period and form; from a key that nobody else can read."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from baocao.domain.planned.period import Period
from baocao.system.errors import UsageError
from baocao.workspace.submission_code import is_token, signing_key, submission_token

OCTOBER, NOVEMBER = Period(2022, 10), Period(2022, 11)


def test_every_part_counts(tmp_path: Path) -> None:
    parts = list(product(("p", "q"), ("SCT", "SNV"), (OCTOBER, NOVEMBER), ("thang", "tong-ket")))
    tokens = [submission_token(tmp_path, *one) for one in parts]
    assert len(set(tokens)) == len(parts)
    assert tokens == [submission_token(tmp_path, *one) for one in parts]


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    first, second = (submission_token(tmp_path / home, "p", "SCT", OCTOBER, "thang") for home in "ab")
    assert not is_token(first, second)


def test_a_person_may_retype_it(tmp_path: Path) -> None:
    token = submission_token(tmp_path, "p", "SCT", OCTOBER, "thang")
    assert is_token(f" {token.lower().replace('-', ' ')}\n", token)
    assert not is_token("", token)
    assert not is_token("ĐÂY LÀ MÃ", token)


def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    signing_key(tmp_path)
    path = tmp_path / "secrets" / "ma-nop.key"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        signing_key(tmp_path)


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signing_key(tmp_path), range(8)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["ma-nop.key"]
