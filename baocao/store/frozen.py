"""The plan's shape of every period that a report was made of; written once, never changed."""

from datetime import datetime

from sqlalchemy import Connection, Engine, select

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Verdict
from baocao.domain.reported.frozen import PlanShape, differences, frozen_figures, plan_as_of, shape_of
from baocao.store import audit, reports
from baocao.store.engine.database import reading, writing
from baocao.store.engine.dialect import insert_ignoring
from baocao.store.reports import ReportRecord, ReportState
from baocao.store.schema.reporting import frozen_plan, submission
from baocao.system.errors import UsageError

APPLIED = "apply_plan"
"""The action in the audit book by which a changed plan came into force."""


def frozen_as(connection: Connection, plan: Plan, period: Period, at: datetime) -> Plan:
    """The plan as this period is reported by: as it is now, and from then on. Idempotent; in a writing transaction."""
    known, plan = shapes(connection), plan.at(period)
    if period not in known:
        known[period] = shape_of(plan)
        _keep(connection, period, known[period], at)
    return plan_as_of(plan, known[period])


def shapes(connection: Connection) -> dict[Period, PlanShape]:
    """By period, in order."""
    rows = connection.execute(select(frozen_plan.c.period, frozen_plan.c.shape).order_by(frozen_plan.c.period))
    return {Period.parse(period): PlanShape.model_validate(shape) for period, shape in rows}


def _keep(connection: Connection, period: Period, shape: PlanShape, at: datetime) -> None:
    row = {"period": str(period), "shape": shape.model_dump(mode="json"), "frozen_at": at}
    insert_ignoring(connection, frozen_plan, [row], frozen_plan.c.period)


def ensure_history_kept(engine: Engine, plan: Plan, now: datetime) -> None:
    """Refuse a plan that contradicts a reported period; periods published before shapes were kept get this plan's.

    Raises:
        UsageError: with what differs; nothing was written.
    """
    with reading(engine) as connection:
        known = shapes(connection)
        older = {one.period: one for one in reports.every(connection) if one.state is ReportState.PUBLISHED}
        unknown = {period: one for period, one in older.items() if period not in known}
        told = {period: _as_published(connection, one, plan) for period, one in unknown.items()}
    found = {period: differences(shape, shape_of(plan.at(period))) for period, shape in sorted((known | told).items())}
    contradicted = {period: told for period, told in found.items() if told}
    if contradicted and not _is_applied(engine, plan):
        raise UsageError(_refusal(plan, contradicted))
    if unknown:
        with writing(engine) as connection:
            for period in unknown.keys() - shapes(connection).keys():
                _keep(connection, period, shape_of(plan.at(period)), now)


def _is_applied(engine: Engine, plan: Plan) -> bool:
    """Whether a person brought just this plan in, signed; each period then keeps what it was reported by."""
    with reading(engine) as connection:
        details = audit.last_details(connection, APPLIED)
    return details is not None and not differences(PlanShape.model_validate(details["shape"]), shape_of(plan))


def _as_published(connection: Connection, record: ReportRecord, plan: Plan) -> PlanShape:
    """What a published report tells of its plan: its figures, and the units that are known to have reported."""
    names = {unit.code: unit.name for unit in plan.at(record.period).units}
    query = select(submission.c.unit).where(
        submission.c.period == str(record.period), submission.c.verdict == Verdict.ACCEPTED
    )
    reporting = set(connection.scalars(query))
    return PlanShape(
        units=names | {unit: unit for unit in sorted(reporting - names.keys())},
        figures=frozen_figures(record.figures) or shape_of(plan).figures,
    )


def _refusal(plan: Plan, contradicted: dict[Period, tuple[str, ...]]) -> str:
    periods = ", ".join(period.short for period in contradicted)
    changes = "; ".join(dict.fromkeys(change for told in contradicted.values() for change in told))
    return (
        f"Kế hoạch “{plan.code}” khác với kế hoạch mà các kỳ đã báo cáo ({periods}) được lập theo: {changes}. "
        "Chưa có gì bị thay đổi. Hãy đặt lại giá trị cũ trong kế hoạch, rồi đưa bản đã sửa vào bằng baocao plan apply; "
        "hoặc giữ nguyên BAOCAO_HOME này và dùng một BAOCAO_HOME mới cho kế hoạch đã đổi."
    )
