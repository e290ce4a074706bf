"""The order of arrival, and what a held file says of itself"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SUBMISSION = sa.table(
    "submission",
    *(sa.column(name) for name in ("id", "receipt_id", "unit", "form", "period", "version", "arrival")),
    sa.column("received_at", sa.DateTime()),
)
_AT_ONCE = 1000


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("said_unit", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("said_period", sa.String(length=7), nullable=True))
        batch_op.add_column(sa.Column("said_form", sa.String(length=40), nullable=True))
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrival", sa.String(length=80), nullable=False, server_default=""))
    _keep_order(op.get_bind())
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("arrival", server_default=None)


def _keep_order(connection: sa.Connection) -> None:
    """Versions of old stay in the order of their numbers, whatever their clocks said: what was published stays so."""
    table = _SUBMISSION.c
    query = sa.select(_SUBMISSION).order_by(table.unit, table.form, table.period, table.version)
    places: list[dict[str, str]] = []
    last, key = "", ("", "", "")
    for row in connection.execute(query):
        if key != (row.unit, row.form, row.period):
            key, last = (row.unit, row.form, row.period), ""
        own = _place(row.received_at, row.receipt_id)
        last = own if own > last else f"{last[:_LENGTH]}/{row.version:06d}"
        places.append({"of": row.id, "place": last})
    change = sa.update(_SUBMISSION).where(table.id == sa.bindparam("of")).values(arrival=sa.bindparam("place"))
    for start in range(0, len(places), _AT_ONCE):
        connection.execute(change, places[start : start + _AT_ONCE])


def _place(received_at: datetime, receipt_id: int) -> str:
    moment = received_at.isoformat(timespec="microseconds")
    return f"{moment}/{moment}/{receipt_id:012d}"


_LENGTH = len(_place(datetime(2022, 8, 1), 0))  # noqa: DTZ001 - only its length is looked at


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("arrival")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        for name in ("said_form", "said_period", "said_unit", "arrived_at"):
            batch_op.drop_column(name)
