"""How mails fare (told of, laid down as files, put off how often), and codes that were given anew"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "code_renewal",
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "period", name=op.f("pk_code_renewal")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deferrals", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_filed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE delivery SET deferrals = attempts")
    op.execute("UPDATE delivery SET is_told = (1 = 1) WHERE state = 'refused'")  # the digests told of them


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for name in ("is_filed", "is_told", "deferrals"):
            batch_op.drop_column(name)
    op.drop_table("code_renewal")
