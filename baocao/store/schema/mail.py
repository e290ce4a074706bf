"""The outbox: one row per message, one per message and recipient; keyed by the message's business key.

The message itself is the .eml file that ``eml_file`` names, relative to the outbox folder. A message without
deliveries is a smaller variant that waits until the server calls the message that names it in ``fallback_key`` too
large (fault 14). ``lease_*`` say which attempt of which process is sending a delivery now, and how long it is believed
to be alive (:mod:`baocao.system.lease`).
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from baocao.store.schema.metadata import UtcDateTime, metadata

message = Table(
    "message",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("period", String(7)),
    Column("unit", String(24)),
    Column("sender", String(254), nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", String(300), nullable=False),
    Column("in_reply_to", String(998)),
    Column("eml_file", String(260), nullable=False),
    Column("eml_sha256", String(64), nullable=False),
    Column("fallback_key", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "period"),
    Index(None, "message_id"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("message_key", ForeignKey(message.c.key), primary_key=True),
    Column("recipient", String(254), primary_key=True),
    Column("name", String(300), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("deferrals", Integer, nullable=False, default=0),  # how often this recipient was put off: ever longer
    Column("is_told", Boolean, nullable=False, default=False),  # the operators were told that it was refused
    Column("is_filed", Boolean, nullable=False, default=False),  # sent to a file, because there is no mail server
    Column("next_try_at", UtcDateTime),
    Column("last_error", Text),
    Column("note", Text),
    Column("replaced_by", String(200)),
    Column("sent_at", UtcDateTime),
    Column("lease_token", String(32)),
    Column("lease_holder", String(300)),
    Column("lease_until", UtcDateTime),
    Index(None, "state", "next_try_at"),
    Index(None, "lease_token"),
)
