"""A new home's Prefect database is laid, not migrated anew; it is the one that Prefect itself would make."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import prefect
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from prefect.settings.models.server.root import ServerSettings
from prefect.settings.models.server.services import ServerServicesTaskRunRecorderSettings

from baocao.workspace.settings import Settings
from deployments.environment import IN_BATCHES, NO_BLOCKS, prepare_prefect
from deployments.prefect_home.database import EMPTY, NAME, lay_database
from tools.prefect_database import migrated, sql_of


def head_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_it_is_whole_where_several_lay_it_at_once_and_at_the_head_of_prefects_migrations(tmp_path: Path) -> None:
    """Red: ``python -m tools.prefect_database``, and every new home waits for fewer migrations again."""
    with ThreadPoolExecutor(8) as several:
        list(several.map(lay_database, [tmp_path] * 8))
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    assert sql_of(tmp_path / NAME) == EMPTY.read_text(encoding="utf-8")
    place = Path(prefect.__file__).parent / "server" / "database" / "_migrations"
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(place))
    config.set_main_option("version_locations", str(place / "versions" / "sqlite"))
    assert head_of(tmp_path / NAME) == ScriptDirectory.from_config(config).get_current_head()


def parts(sql: str) -> list[str]:
    """Its lines; the constraints of one table stand in another order each time that Prefect makes them."""
    return sorted(line.strip(" ,\t") for line in sql.splitlines())


@pytest.mark.slow
def test_it_is_what_prefects_own_migrations_make() -> None:
    assert parts(migrated()) == parts(EMPTY.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("chosen", "laid"),
    [
        ({}, True),
        ({"PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://may-chu/prefect"}, False),
        ({"PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://may-chu/prefect"}, False),
    ],
)
def test_it_is_laid_unless_the_operator_has_chosen_another(
    chosen: dict[str, str], laid: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", chosen.copy())
    prepare_prefect(Settings(home=tmp_path))
    assert (tmp_path / "prefect" / NAME).exists() == laid


def test_what_is_there_stays_and_a_disk_that_refuses_leaves_it_to_prefect(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"theirs")
    lay_database(tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"theirs"
    lay_database(tmp_path / "is not there")


@pytest.mark.parametrize("is_quiet", [True, False])
def test_a_server_of_one_command_registers_no_blocks_and_writes_in_batches_and_serves_own_does_not(
    is_quiet: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    prepare_prefect(Settings(home=tmp_path), is_quiet=is_quiet)
    own = NO_BLOCKS | IN_BATCHES
    assert {name: os.environ.get(name) for name in own} == (own if is_quiet else dict.fromkeys(own))
    assert ServerServicesTaskRunRecorderSettings().batch_size == (100 if is_quiet else 1)
    known = [str(field.validation_alias) for field in ServerSettings.model_fields.values()]
    assert all(any(f"'{name.lower()}'" in aliases for aliases in known) for name in NO_BLOCKS)
