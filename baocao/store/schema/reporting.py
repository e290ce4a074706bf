"""The tables of what was received, how it was judged, and what was reported.

Rows are keyed by business keys (unit, form, period, version, checksum), never by a flow run. The tables of a form's
sheets have the sheet's key as their name and the columns' keys as their columns.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from baocao.store.schema.metadata import UtcDateTime, metadata

home = Table(
    "home",
    metadata,
    Column("plan", String(80), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),  # the first moment, real or simulated, at which anything was done
    Column("unbounded", Text, nullable=False, server_default=" "),  # codes with a space on either side, for the views
)

receipt = Table(
    "receipt",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of taking in; that of arrival is (received_at, arrived_at, id)
    Column("source", String(20), nullable=False),
    Column("source_ref", String(600), nullable=False, unique=True),
    Column("unit", String(24)),
    Column("period", String(7), nullable=False),  # the period that was being collected
    Column("name", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("arrived_at", UtcDateTime),  # by the clock of the folder or the mail server, also where the run's was given
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("said_unit", String(24)),  # whose, when and what a held file says it is; None where it does not say
    Column("said_period", String(7)),
    Column("said_form", String(40)),
    Column("incoming_ref", String(64)),  # the message that brought it (incoming.ref); None for a folder's file
    Column("released_by", String(200)),  # who let it out of the quarantine
    Column("held_by", String(120)),
    Column("held_until", UtcDateTime),
    Index(None, "state"),
    Index(None, "unit", "sha256"),
    Index(None, "period"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt_id", ForeignKey(receipt.c.id), nullable=False, unique=True),
    Column("unit", String(24), nullable=False),
    Column("form", String(40), nullable=False),
    Column("period", String(7), nullable=False),
    Column("version", Integer, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("timeliness", String(16), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("submit_before", UtcDateTime, nullable=False),
    Column("arrival", String(80), nullable=False),  # the place in the order of arrival, see Receipt.arrival
    Column("critical", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("info", JSON, nullable=False),
    Column("decided_by", String(200)),  # who gave the verdict in place of the rules; None where the rules did
    Column("decided_at", UtcDateTime),
    Column("decision_reason", Text),
    UniqueConstraint("unit", "form", "period", "version"),
    Index(None, "period", "verdict"),
)


def _of_submission(name: str, key: str, key_type: type[String] | type[Integer], *columns: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        Column("submission_id", ForeignKey(submission.c.id, ondelete="CASCADE"), primary_key=True),
        Column(key, key_type(24) if key_type is String else key_type(), primary_key=True),
        *columns,
    )


def _texts(*names: str) -> tuple[Column[object], ...]:
    return tuple(Column(name, Text) for name in names)


figures = _of_submission(
    "figures",
    "code",
    String,
    Column("numerator", Float),
    Column("denominator", Float),
    *_texts("evidence", "note"),
)

figure_places = Table(  # where the rows of figures stand in the unit's file, see domain/received/places.py
    "figure_places",
    metadata,
    Column("submission_id", ForeignKey(submission.c.id, ondelete="CASCADE"), primary_key=True),
    Column("sheet", Text, nullable=False),
    Column("numerator", String(8)),
    Column("denominator", String(8)),
    Column("rows", JSON, nullable=False),
)

tasks = _of_submission(
    "tasks",
    "code",
    String,
    *_texts("lead", "coordinating"),
    Column("due_date", Date),
    Column("status", String(24)),
    Column("progress_pct", Float),
    Column("done_date", Date),
    *_texts("product", "note"),
)

difficulties = _of_submission(
    "difficulties",
    "ordinal",
    Integer,
    *_texts("difficulty", "cause", "proposal", "settled_by"),
    Column("is_beyond_authority", Boolean),
)

assignments = _of_submission(
    "assignments",
    "code",
    String,
    *_texts("lead", "coordinating"),
    Column("start_date", Date),
    Column("due_date", Date),
    *_texts("product", "note"),
)

budget = _of_submission(
    "budget",
    "ordinal",
    Integer,
    *_texts("purpose", "task"),
    Column("amount_mil_vnd", Float),
    *_texts("source", "note"),
)

assessments = _of_submission(
    "assessments",
    "code",
    String,
    Column("result", String(24)),
    *_texts("cause", "lesson"),
    Column("proposal", String(24)),
    *_texts("adjustment"),
)

finding = _of_submission(
    "finding",
    "ordinal",
    Integer,
    Column("rule", String(40), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("sheet", String(80)),
    Column("cell", String(16)),
    Column("code", String(24)),
    *_texts("value", "expected"),
    Column("message", Text, nullable=False),
    Column("also", JSON),  # further places of the same cause; None in rows of before they were kept
)

explanation = Table(
    "explanation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey(submission.c.id, ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),  # of the finding that it is about
    Column("unit", String(24), nullable=False),
    Column("period", String(7), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("subject", String(120), nullable=False),  # the row's code, else the cell
    Column("value", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("explained_by", String(200), nullable=False),
    Column("explained_at", UtcDateTime, nullable=False),
    Column("channel", String(16), nullable=False),  # workbook, command
    Column("accepted_by", String(200)),
    Column("accepted_at", UtcDateTime),
    Column("accepted_reason", Text),
    UniqueConstraint("submission_id", "ordinal"),
    Index(None, "unit", "accepted_by"),
)

report = Table(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form", String(40), nullable=False),
    Column("period", String(7), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("basis", String(64), nullable=False),  # digest of the accepted submissions that it was made from
    Column("figures", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("decided_by", String(200)),
    Column("decided_at", UtcDateTime),
    Column("decision_reason", Text),
    Column("restatement_reason", Text),
    UniqueConstraint("period", "version"),
)

frozen_plan = Table(
    "frozen_plan",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("shape", JSON, nullable=False),  # the units, indicators and targets that its reports rest on
    Column("frozen_at", UtcDateTime, nullable=False),
)

announcement = Table(
    "announcement",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("submit_before", UtcDateTime, nullable=False),
    Column("last_day", Date, nullable=False),  # the last working day before it
    Column("at", UtcDateTime, nullable=False),
)

CONTENT_TABLES = {table.name: table for table in (figures, tasks, difficulties, assignments, budget, assessments)}
