"""What import-linter's contracts (``pyproject.toml``) cannot say of the house: purity, sizes, circles of files."""

import ast
import sys
from collections import Counter
from collections.abc import Collection
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from support import ROOT

ROOMS = ("baocao", "expectations", "tasks", "flows", "portal", "deployments")
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


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[:2] == ("baocao", "domain")], ids=str)
def test_domain_is_pure(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"pydantic", "pydantic_core"}
    for name in imported(path):
        assert name.split(".")[0] in allowed or name.startswith(("baocao.domain", "baocao.system.errors")), (
            f"{path} imports {name}"
        )


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_files_stay_small(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300


def test_no_module_lies_loose() -> None:
    assert [path for path in MODULES if path.parts[0] == "baocao" and len(path.parts) == 2] == [
        Path("baocao/__init__.py")
    ]


def test_rooms_stay_small() -> None:
    """A room is looked over at a glance: at most a dozen modules beside its opening words."""
    sizes = Counter(path.parent for path in MODULES if path.name != "__init__.py" and path.parent.name != "versions")
    assert {str(room): size for room, size in sizes.items() if size > 12} == {}


@pytest.mark.slow
def test_no_circle_of_files() -> None:
    """Not even of imports inside functions or for types alone; a sorter of graphs finds and names one."""
    names = {dotted(path): path for path in MODULES}
    TopologicalSorter({name: taken(path, names) - {name} for name, path in names.items()}).prepare()


def test_no_test_takes_from_a_test() -> None:
    """What several tests build on lies in ``tests/support``."""
    tests = [path.relative_to(ROOT) for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    names = {path.stem for path in tests}
    borrowed = {str(path): {one.split(".")[-1] for one in imported(path)} & names for path in tests}
    assert {path: some for path, some in borrowed.items() if some} == {}


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def taken(path: Path, names: Collection[str]) -> set[str]:
    """The modules of ours that a file takes from; of a name taken from a package, the module of that name."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in names else str(node.module) for name in inner}
    return found & set(names)
