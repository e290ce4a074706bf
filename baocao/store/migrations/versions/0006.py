"""The plan's units, indicators and targets of every reported period"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "frozen_plan",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_frozen_plan")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("frozen_plan")
