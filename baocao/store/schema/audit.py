"""What people decided: the audit book, which only grows; deadlines that were extended and codes that were given anew.

The database itself refuses to change or delete a row of the audit book, by triggers that the migrations make.
"""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from baocao.store.schema.metadata import UtcDateTime, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("period", String(7)),
    Column("reason", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("channel", String(16)),  # by which way it was decided; not known of older rows
    Index(None, "period"),
)

extension = Table(
    "extension",
    metadata,
    Column("unit", String(24), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("submit_before", UtcDateTime, nullable=False),
)

code_renewal = Table(
    "code_renewal",
    metadata,
    Column("unit", String(24), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("number", Integer, nullable=False),  # how often; enters the code, so that those before are no good
)
