"""Documents that units signed and sent beside their workbooks"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "signed_copy",
        sa.Column("receipt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("signers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_signed_copy_receipt_id_receipt")),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_signed_copy")),
    )
    op.create_index(op.f("ix_signed_copy_period_unit"), "signed_copy", ["period", "unit"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("signed_copy")
