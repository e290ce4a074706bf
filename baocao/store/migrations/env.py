"""Alembic's entry: runs the migrations on the connection that it is handed."""

from alembic import context

from baocao.store import schema, schema_mail
from baocao.store.metadata import metadata

TABLES = (schema.submission, schema_mail.message)  # imported, so that a new migration is compared with all tables
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
