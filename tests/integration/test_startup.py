"""Quick commands stay quick: they import nothing heavy, as a fresh process shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployments.commands.root import BESIDE, COMMANDS, GROUPS
from deployments.lazy_commands import LazyCommand, LazyCommandGroup

LIBRARIES = "prefect great_expectations pandas numpy matplotlib openpyxl docx docxtpl typst psycopg dask"
HEAVY = set(LIBRARIES.split())
CODE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))
from deployments.cli import main
for line in sys.argv[1:]:
    sys.argv[1:] = line.split()
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""


def modules_after(home: Path, *commands: str) -> set[str]:
    """What a fresh process has imported when these commands, one after another, are over."""
    environment = os.environ | {"BAOCAO_HOME": str(home), "BAOCAO_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *commands], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("commands", "unwanted"),
    [
        (("status --period 2022-10", "outbox list", "audit", "submission list", "submission held"), HEAVY),
        (("plan check", "plan calendar", "plan rules"), HEAVY | {"sqlalchemy"}),
    ],
    ids=["of the home", "of the plan"],
)
def test_what_people_type_while_they_wait_imports_nothing_heavy(
    commands: tuple[str, ...], unwanted: set[str], tmp_path: Path
) -> None:
    assert not unwanted & modules_after(tmp_path / "home", *commands)


def test_help_imports_next_to_nothing(tmp_path: Path) -> None:
    assert not (HEAVY | {"pydantic", "sqlalchemy", "rich"}) & modules_after(tmp_path / "home", "--help")


@pytest.mark.slow
def test_a_home_that_is_there_loads_neither_migrations_nor_the_other_database(tmp_path: Path) -> None:
    modules_after(tmp_path / "home", "status --period 2022-10")
    assert not {"alembic", "sqlalchemy.dialects.postgresql"} & modules_after(
        tmp_path / "home", "status --period 2022-10"
    )


@pytest.mark.slow
@pytest.mark.parametrize("module", ["flows.support.collecting", "baocao.intake.mailbox.emptying"])
def test_a_collection_that_finds_nothing_loads_neither_what_judges_nor_what_draws(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not (HEAVY - {"prefect", "numpy"}) & set(json.loads(done.stdout.splitlines()[-1]))


def test_a_reader_process_loads_what_reads_and_not_what_draws() -> None:
    code = "import json, sys; import baocao.isolation.child; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not (HEAVY | {"sqlalchemy", "jinja2"}) & set(json.loads(done.stdout))


@pytest.mark.slow
def test_a_check_loads_what_judges_while_its_file_is_read_and_nothing_that_draws() -> None:
    code = "import json, sys; import deployments.commands.workbook; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not HEAVY & set(json.loads(done.stdout))


def test_every_promised_command_is_kept() -> None:
    places = [
        place
        for commands in (COMMANDS, *BESIDE.values(), *(some for _, some in GROUPS.values()))
        for place in commands.values()
    ]
    lazy = [LazyCommand("name", place) for place in places]
    assert [one.get_short_help_str() for one in lazy] == [one.loaded().get_short_help_str() for one in lazy]


def test_a_command_with_others_below_it_is_still_one_by_itself() -> None:
    (place,) = (COMMANDS[name] for name in BESIDE)
    group = LazyCommandGroup("report", place, BESIDE["report"])
    own, called = group.loaded(["--period", "2022-10"]), group.loaded(["release", "--period", "2022-10"])
    assert {option for one in own.params for option in one.opts} >= {"--period", "--draft", "--restate"}
    assert (own.callback is None, called.callback is None, called.params) == (False, True, [])
    assert set(own.commands) == {"release", "register"}
