"""«Con số này từ đâu?»: a figure of a report down to the cells of the units' files; as ``baocao trace``."""

from starlette.responses import Response

from baocao.domain.planned.period import Period
from baocao.domain.received.places import FIGURES
from baocao.domain.reported.tracing import Part, Trace
from baocao.oversight.status import current_period
from baocao.oversight.tracing import trace
from baocao.site.cells import Cell, Row, Table, columns, row
from baocao.workspace.admission import opened_periods
from portal.room.visit import Visit, missing


def show(visit: Visit) -> Response:
    """Ask for a figure, and where it comes from: of all units for who decides on reports, of its own for a unit."""
    asked = visit.request.query_params
    own = visit.known.units
    unit = asked.get("don_vi", "") or ("" if visit.known.may_see_all else next(iter(own), ""))
    if not (visit.known.may_see_all or unit in own):
        missing()
    code = asked.get("ma", "")
    period = visit.period(asked["ky"]) if asked.get("ky") else current_period(visit.workspace, visit.clock)
    found = trace(visit.workspace, period, code, unit or None) if code else None
    if visit.wants_json:
        return visit.say(found.as_row() if found else {"error": "Thiếu mã chỉ tiêu (ma)."}, 200 if found else 400)
    plan = visit.workspace.plan
    monthly = [one for one in opened_periods(visit.workspace, visit.clock) if _has_figures(visit, one)]
    return visit.show(
        "nguon-goc.html.j2",
        "Con số này từ đâu?",
        found=found,
        parts=_table(visit, found) if found else None,
        said=[f"{visit.unit_name(part.unit)}: {told}" for part in found.parts for told in part.told] if found else [],
        figures=plan.figures,
        periods=list(reversed(monthly)),
        units=plan.units if visit.known.may_see_all else [plan.unit_by_code[one] for one in own],
        is_every=visit.known.may_see_all,
        asked={"ma": code, "ky": str(period), "don_vi": unit},
    )


def _has_figures(visit: Visit, period: Period) -> bool:
    return any(sheet.key == FIGURES for sheet in visit.workspace.plan.form_of(period).sheets)


def _table(visit: Visit, found: Trace) -> Table:
    return Table(
        caption="Từng đơn vị, đến ô của tệp",
        columns=columns("Đơn vị", "Lần nộp", "Ô", "Số", "Tệp", "Nhận lúc", texts=["Tệp"]),
        rows=tuple(_row(visit, part) for part in found.parts),
        empty="Không đơn vị nào có số liệu này trong kỳ.",
    )


def _row(visit: Visit, part: Part) -> Row:
    return row(
        Cell(visit.unit_name(part.unit), href=f"/don-vi/{part.unit}/{part.period}"),
        f"{part.period.short}, lần {part.version}",
        part.where,
        part.counts,
        Cell(part.file, f"SHA-256 {part.sha256[:16]}…"),
        f"{part.received_at:%H:%M %d/%m/%Y}",
    )
