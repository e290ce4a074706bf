"""What came by mail: one row per message that was taken from the mailbox, whatever became of it.

The files that it brought are receipts, which name it; its very bytes lie in the archive under ``sha256``. A packed
file of the folder in which nothing was found is noted here too, without a sender.
"""

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from baocao.store.schema.metadata import UtcDateTime, metadata

incoming = Table(
    "incoming",
    metadata,
    Column("ref", String(64), primary_key=True),  # a digest of what the message is; no folder's numbers enter it
    Column("sha256", String(64), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", String(300)),
    Column("thread", Text, nullable=False),  # the ids that an answer's References names, in order
    Column("is_authentic", Boolean, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("period", String(7), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "sender", "received_at"),
)
