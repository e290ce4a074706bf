"""The table of faults: all 28, each with tests that there really are."""

import re

import pytest
from support import TESTS

TABLE = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)))
ROWS = re.findall(r"^\| (\d+) \|.*$", TABLE, re.MULTILINE)


def test_every_fault_has_its_line_with_a_test() -> None:
    assert [int(number) for number in ROWS] == list(range(1, 29))
    lines = [line for line in TABLE.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [line for line in lines if not re.search(r"::test_", line)] == []


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_every_named_test_exists(path: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (TESTS / path).read_text(encoding="utf-8"), re.MULTILINE)
