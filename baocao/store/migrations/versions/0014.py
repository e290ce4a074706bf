"""Views for other programs: v_values, v_consolidated, v_tasks, v_submissions

A later migration that rewrites a table below a view drops the view first and makes it anew.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COUNTING = """
    SELECT s.*, CASE WHEN s.verdict = 'accepted' AND s.arrival = (
        SELECT max(o.arrival) FROM submission o
        WHERE o.unit = s.unit AND o.form = s.form AND o.period = s.period AND o.verdict = 'accepted'
    ) THEN 1 ELSE 0 END AS counts
    FROM submission s
"""
_MONTH = "CAST(substr({0}.period, 1, 4) || substr({0}.period, 6, 2) AS INTEGER)"
_POSSIBLE = (
    "f.numerator >= 0 AND f.denominator >= 0 AND f.numerator <= f.denominator"
    " AND floor(f.numerator) = f.numerator AND floor(f.denominator) = f.denominator"
)

_SUBMISSIONS = f"""
CREATE VIEW v_submissions AS
SELECT s.period, {_MONTH.format("s")} AS period_yyyymm, s.unit, s.form, s.version, s.verdict, s.timeliness,
    s.received_at AS received_at_utc, s.submit_before AS submit_before_utc, s.critical, s.warnings, s.counts,
    s.decided_by, s.decision_reason, r.name AS file_name, r.sha256
FROM ({_COUNTING}) s JOIN receipt r ON r.id = s.receipt_id
"""  # noqa: S608 - our own words
_VALUES = f"""
CREATE VIEW v_values AS
SELECT s.period, {_MONTH.format("s")} AS period_yyyymm, s.unit, f.code, f.numerator, f.denominator,
    CASE WHEN f.denominator > 0 THEN f.numerator * 100.0 / f.denominator END AS ratio_pct,
    CASE WHEN f.numerator IS NULL OR f.denominator IS NULL THEN NULL WHEN {_POSSIBLE} THEN 1 ELSE 0 END AS is_possible,
    f.evidence, f.note, s.version AS submission_version
FROM ({_COUNTING}) s JOIN figures f ON f.submission_id = s.id
WHERE s.counts = 1
"""  # noqa: S608 - our own words
_TASKS = f"""
CREATE VIEW v_tasks AS
SELECT s.period, {_MONTH.format("s")} AS period_yyyymm, s.unit, t.code, t.lead, t.coordinating, t.due_date, t.status,
    t.progress_pct, t.done_date, t.product, t.note, s.version AS submission_version
FROM ({_COUNTING}) s JOIN tasks t ON t.submission_id = s.id
WHERE s.counts = 1
"""  # noqa: S608 - our own words
_NUMBERS = (
    "numerator",
    "denominator",
    "ratio_pct",
    "cumulative_numerator",
    "cumulative_denominator",
    "cumulative_ratio_pct",
    "target_pct",
)
_COUNTS = ("units_reported", "units_reached", "units_not_applicable")


def _consolidated(is_postgres: bool) -> str:
    """The figures of every published version, out of the JSON in which they are kept with it."""

    def field(name: str, kind: str) -> str:
        if is_postgres:
            return f"CAST(e.value ->> '{name}' AS {kind}) AS {name}"
        return f"CAST(json_extract(e.value, '$.{name}') AS {kind}) AS {name}"

    number = "DOUBLE PRECISION" if is_postgres else "REAL"
    columns = [field(name, "TEXT") for name in ("code", "indicator", "name")]
    columns += [field(name, number) for name in _NUMBERS]
    columns += [field(name, "INTEGER") for name in _COUNTS]
    true = "CAST(e.value ->> 'reached' AS BOOLEAN)" if is_postgres else "json_extract(e.value, '$.reached')"
    columns.append(f"CASE WHEN {true} IS NULL THEN NULL WHEN {true} THEN 1 ELSE 0 END AS reached")
    newest = "SELECT max(o.version) FROM report o WHERE o.period = r.period AND o.state = 'published'"
    each = "json_array_elements(r.figures)" if is_postgres else "json_each(r.figures)"
    return (
        f"CREATE VIEW v_consolidated AS SELECT r.period, {_MONTH.format('r')} AS period_yyyymm, "  # noqa: S608 - our own words
        f"r.version AS report_version, CASE WHEN r.version = ({newest}) THEN 1 ELSE 0 END AS is_newest, "
        f"r.sent_at AS sent_at_utc, {', '.join(columns)} FROM report r, {each} e WHERE r.state = 'published'"
    )


def upgrade() -> None:
    """Apply."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for view in (_SUBMISSIONS, _VALUES, _TASKS, _consolidated(is_postgres)):
        op.get_bind().exec_driver_sql(view)


def downgrade() -> None:
    """Take back."""
    for name in ("v_consolidated", "v_tasks", "v_values", "v_submissions"):
        op.execute(f"DROP VIEW {name}")
