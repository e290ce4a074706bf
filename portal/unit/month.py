"""Tháng này: what is due, by when, what was sent, what counts now; the form and the calendar to take along."""

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from baocao.consolidation.standings import period_standings
from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import UnitStanding
from baocao.oversight.status import current_period
from baocao.plan.ics import calendar_file
from baocao.reminders.blank_forms import write_form
from baocao.site.cells import Cell, Row, Table, Tile, columns, row, state_cell, timeliness_cell
from baocao.store import decisions
from baocao.store.engine.database import reading
from baocao.workspace.admission import opened_periods
from portal.room.visit import Visit, attached, missing


@dataclass(frozen=True, slots=True)
class Month:
    """How one unit stands in one period. ``deadline`` is the one that is in force for it."""

    code: str
    name: str
    schedule: Schedule
    deadline: datetime
    is_open: bool
    tiles: tuple[Tile, ...]


def show(visit: Visit) -> Response:
    """The first page of everybody: their own units' month, all units' for the coordinator."""
    period = current_period(visit.workspace, visit.clock)
    with reading(visit.workspace.engine) as connection:
        standings = period_standings(connection, visit.workspace.plan, period)
        deadlines = decisions.extended_deadlines(connection)
    mine = [one for one in standings if one.unit in visit.known.units]
    return visit.show(
        "thang.html.j2",
        f"Báo cáo {period.label}",
        period=period,
        months=[_month(visit, one, period, deadlines) for one in mine],
        board=_board(visit, standings, period) if visit.known.is_coordinator else None,
        periods=list(reversed(opened_periods(visit.workspace, visit.clock))),
    )


def _month(visit: Visit, one: UnitStanding, period: Period, deadlines: dict[tuple[str, str], datetime]) -> Month:
    schedule = visit.workspace.schedule(period)
    deadline = deadlines.get((one.unit, str(period)), schedule.submit_before)
    return Month(one.unit, one.name, schedule, deadline, visit.clock.now < deadline, _tiles(visit, one, deadline))


def _tiles(visit: Visit, one: UnitStanding, deadline: datetime) -> tuple[Tile, ...]:
    state = state_cell(one.state)
    days = (visit.workspace.local(deadline).date() - visit.clock.now.date()).days
    is_over = visit.clock.now >= deadline
    left = "đã qua" if is_over else "hôm nay" if days == 0 else f"còn {days} ngày"
    until = visit.workspace.local(deadline)
    shown = f"{until:%d/%m}" if until.time() == time() else f"{until:%H:%M %d/%m}"
    sent = f"nhận lúc {last_text(visit, one)}" if one.received_at else "chưa nhận được tệp nào"
    number = str(one.version or 0)
    return (
        Tile(one.label, "tình trạng", sent, mood=state.mood),
        Tile(f"trước {shown}", "hạn nộp", left, mood="warn" if is_over and not one.version else ""),
        Tile(number, "lần nộp đang được tính" if one.version else "lần nộp", _counted(one)),
    )


def last_text(visit: Visit, one: UnitStanding) -> str:
    """When the version that counts was received."""
    return f"{visit.workspace.local(one.received_at):%H:%M ngày %d/%m/%Y}" if one.received_at else ""


def _counted(one: UnitStanding) -> str:
    parts = [(one.critical, "lỗi"), (one.warnings, "cảnh báo")]
    return ", ".join(f"{number} {noun}" for number, noun in parts if number)


def _board(visit: Visit, standings: tuple[UnitStanding, ...], period: Period) -> Table:
    return Table(
        caption=f"Tình hình nộp báo cáo {period.label} của từng đơn vị",
        columns=columns("Đơn vị", "Trạng thái", "Thời hạn", "Nhận lúc", "Lỗi, cảnh báo"),
        rows=tuple(_board_row(visit, one, period) for one in standings),
    )


def _board_row(visit: Visit, one: UnitStanding, period: Period) -> Row:
    state = state_cell(one.state)
    return row(
        Cell(one.name, href=f"/don-vi/{one.unit}/{period}"),
        Cell(one.label, mood=state.mood),
        timeliness_cell(one.timeliness),
        last_text(visit, one),
        _counted(one),
    )


def unit_asked(visit: Visit) -> str:
    """The unit that a visitor means: the one that is named, where it may be seen; else its own one."""
    named = visit.text("don_vi") or visit.request.query_params.get("don_vi", "")
    unit = named or next(iter(visit.known.units), "")
    if unit not in visit.workspace.plan.unit_by_code or not visit.known.may_see(unit):
        missing()
    return unit


def form(visit: Visit) -> Response:
    """The pre-filled form of a period, of the visitor's unit (``?don_vi=`` of several)."""
    period, unit = visit.period(), unit_asked(visit)
    name = f"{visit.workspace.plan.form_of(period).code}-{unit}-{period}.xlsx"
    with TemporaryDirectory(prefix="bieu-mau-") as folder:
        path = Path(folder) / name
        with visit.house.judge.opening:
            write_form(visit.workspace, unit, period, path)
        return attached(path.read_bytes(), name)


def calendar(visit: Visit) -> Response:
    """The calendar for people's own calendar programs; with the dates of reports for the coordinator."""
    content = calendar_file(
        visit.workspace.plan,
        visit.workspace.calendar.values(),
        visit.clock.now,
        with_reports=visit.known.is_coordinator,
    )
    return attached(content, "lich-bao-cao.ics", "text/calendar")
