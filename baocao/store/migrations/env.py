"""Alembic's entry: runs the migrations on the connection that it is handed."""

from typing import Any, Literal

from alembic import context

from baocao.store.schema import audit, mail, mailbox, published, reporting, window
from baocao.store.schema.metadata import UtcDateTime, metadata

# imported, so that a new migration is compared with all tables
TABLES = (
    reporting.submission,
    audit.audit,
    mail.message,
    mailbox.incoming,
    window.sign_in_link,
    published.proposal,
)


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types that they are stored as."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_types,
)
context.run_migrations()
