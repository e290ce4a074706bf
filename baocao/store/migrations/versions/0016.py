"""Which figures may exceed what they are counted against; the view v_values knows them"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_COUNTING = """
    SELECT s.*, CASE WHEN s.verdict = 'accepted' AND s.arrival = (
        SELECT max(o.arrival) FROM submission o
        WHERE o.unit = s.unit AND o.form = s.form AND o.period = s.period AND o.verdict = 'accepted'
    ) THEN 1 ELSE 0 END AS counts
    FROM submission s
"""
_WITHIN = "f.numerator <= f.denominator"
_IS_NAMED = "replace(h.unbounded, ' ' || f.code || ' ', '') <> h.unbounded"
_WITHIN_OR_UNBOUNDED = f"({_WITHIN} OR EXISTS (SELECT 1 FROM home h WHERE {_IS_NAMED}))"  # noqa: S608 - our own words


def _make_view(within: str) -> None:
    """In PostgreSQL in its place, so that whoever may read it still may."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if not is_postgres:
        op.execute("DROP VIEW v_values")
    whole = "floor(f.numerator) = f.numerator AND floor(f.denominator) = f.denominator"
    possible = f"f.numerator >= 0 AND f.denominator >= 0 AND {within} AND {whole}"
    view = f"""
CREATE {"OR REPLACE " if is_postgres else ""}VIEW v_values AS
SELECT s.period, CAST(substr(s.period, 1, 4) || substr(s.period, 6, 2) AS INTEGER) AS period_yyyymm, s.unit, f.code,
    f.numerator, f.denominator, CASE WHEN f.denominator > 0 THEN f.numerator * 100.0 / f.denominator END AS ratio_pct,
    CASE WHEN f.numerator IS NULL OR f.denominator IS NULL THEN NULL WHEN {possible} THEN 1 ELSE 0 END AS is_possible,
    f.evidence, f.note, s.version AS submission_version
FROM ({_COUNTING}) s JOIN figures f ON f.submission_id = s.id
WHERE s.counts = 1
"""  # noqa: S608 - our own words
    op.execute(view)


def upgrade() -> None:
    """Apply."""
    op.add_column("home", sa.Column("unbounded", sa.Text(), server_default=" ", nullable=False))
    _make_view(_WITHIN_OR_UNBOUNDED)


def downgrade() -> None:
    """Take back."""
    _make_view(_WITHIN)
    op.drop_column("home", "unbounded")
