"""The cells in which the figures of each file stand"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "figure_places",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("numerator", sa.String(length=8), nullable=True),
        sa.Column("denominator", sa.String(length=8), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_figure_places_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_figure_places")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("figure_places")
