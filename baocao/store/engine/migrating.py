"""A database brought up to date by Alembic, whose configuration is made here; there is no alembic.ini."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from baocao.store.engine.revisions import MIGRATIONS


def migrate(connection: Connection) -> None:
    """Apply the migrations that are missing, in the caller's transaction; on PostgreSQL one process at a time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20220831)"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
