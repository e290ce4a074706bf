"""The one-way arrows of the house: deployments -> flows -> tasks -> {expectations, baocao} -> baocao.domain."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("baocao", "expectations", "tasks", "flows", "deployments")
MAY_IMPORT = {
    "baocao": {"baocao"},
    "expectations": {"expectations", "baocao"},
    "tasks": {"tasks", "expectations", "baocao"},
    "flows": {"flows", "tasks", "baocao"},
    "deployments": {"deployments", "flows", "tasks", "expectations", "baocao"},
}
MODULES = [path.relative_to(ROOT) for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_arrows_run_one_way(path: Path) -> None:
    room = path.parts[0]
    for name in imported(path):
        other = name.split(".")[0]
        if other in ROOMS:
            assert other in MAY_IMPORT[room], f"{path} imports {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[:2] == ("baocao", "domain")], ids=str)
def test_domain_is_pure(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"pydantic", "pydantic_core"}
    for name in imported(path):
        assert name.split(".")[0] in allowed or name.startswith(("baocao.domain", "baocao.system.errors")), (
            f"{path} imports {name}"
        )


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_prefect_and_great_expectations_stay_in_their_rooms(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(path)}
    if path.parts[0] not in ("tasks", "flows", "deployments"):
        assert not {"prefect", "prefect_dask"} & outside
    if path.parts[0] != "expectations":
        assert "great_expectations" not in outside
    assert "smtplib" not in outside


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_files_stay_small(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300
