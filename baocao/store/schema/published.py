"""What signatures and answers make of reports: numbers, proposals put forward, documents that units signed."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from baocao.store.schema.metadata import UtcDateTime, metadata

proposal = Table(
    "proposal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # as people name it
    Column("unit", String(24), nullable=False),
    Column("digest", String(64), nullable=False),  # of the unit and the words of its difficulty
    Column("difficulty", Text, nullable=False),
    Column("proposal", Text, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("is_beyond_authority", Boolean, nullable=False),
    Column("since", String(7), nullable=False),
    Column("raised", String(7), nullable=False),  # the last period in which the unit raised it
    Column("silent", String(7)),  # the first period in which it reported without it
    Column("answered_by", String(200)),
    Column("answered_at", UtcDateTime),
    Column("answer", Text),
    Column("owner", String(300)),
    Column("due", String(10)),  # ISO text
    Column("closed_by", String(200)),
    Column("closed_at", UtcDateTime),
    Column("closed_reason", Text),
    UniqueConstraint("unit", "digest"),
)

release = Table(
    "release",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("number", String(80), nullable=False),
    Column("dated", Date, nullable=False),
    Column("subject", Text, nullable=False),
    Column("signers", JSON, nullable=False),  # name and moment of each signature
    Column("sha256", String(64), nullable=False),  # of the signed file
    Column("released_by", String(200), nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
)

signed_copy = Table(
    "signed_copy",
    metadata,
    Column("receipt_id", Integer, ForeignKey("receipt.id"), primary_key=True, autoincrement=False),
    Column("unit", String(24), nullable=False),
    Column("period", String(7), nullable=False),
    Column("signers", JSON, nullable=False),  # name and moment of each signature
    Index(None, "period", "unit"),
)
