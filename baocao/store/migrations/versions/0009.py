"""By which way a person decided"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: a plain ADD COLUMN, since the book's triggers forbid that its rows be written anew."""
    op.add_column("audit", sa.Column("channel", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("audit", "channel")
