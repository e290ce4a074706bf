"""Since when a home lives, so that periods from before are not caught up"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TRACES = (("receipt", "received_at"), ("message", "created_at"), ("report", "made_at"))


def upgrade() -> None:
    """Apply. A home that was used before lives since the first thing it did."""
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.add_column(sa.Column("began_at", sa.DateTime(), nullable=True))
    home = sa.table("home", sa.column("began_at", sa.DateTime()))
    moments = [
        op.get_bind().scalar(sa.select(sa.func.min(sa.column(moment, sa.DateTime()))).select_from(sa.table(table)))
        for table, moment in _TRACES
    ]
    if known := [moment for moment in moments if moment is not None]:
        op.execute(home.update().values(began_at=min(known)))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.drop_column("began_at")
