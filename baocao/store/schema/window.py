"""Who comes in at the window: links that were asked for, and sessions; of either only a keyed hash is kept."""

from sqlalchemy import Column, Index, Integer, String, Table

from baocao.store.schema.metadata import UtcDateTime, metadata

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("network", String(64), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Index(None, "address", "asked_at"),
    Index(None, "network", "asked_at"),
)

sign_in_session = Table(
    "sign_in_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "address"),
)
