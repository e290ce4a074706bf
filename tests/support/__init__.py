"""What the tests build on: real servers, houses, months, workbooks and letters, made by code («số liệu mô phỏng»)."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
