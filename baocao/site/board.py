"""Trang đầu: who has sent what now, the key figures, what comes next, the latest reports."""

from collections.abc import Sequence
from dataclasses import replace

from baocao.domain.received.submission import UnitState
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import TaskStatus, UnitStanding
from baocao.domain.reported.standing import completeness_pct, tally, timeliness_pct
from baocao.domain.wording import count_text, enumeration, moment_text, percent_text
from baocao.oversight.troubles import trouble_line
from baocao.site.cells import Cell, Row, Table, Tile, columns, row, state_cell, timeliness_cell
from baocao.site.facts import SiteFacts
from baocao.site.page import Page, unit_path
from baocao.site.published import latest_published
from baocao.site.timeline import upcoming

_NEXT = 6


def board_page(facts: SiteFacts) -> Page:
    """The first page."""
    return Page(
        path="index.html",
        template="index.html.j2",
        title=f"Tình hình báo cáo {facts.current.label}",
        context={
            "lead": _lead(facts),
            "tiles": _tiles(facts),
            "board": _board(facts),
            "past": _past(facts),
            "upcoming": upcoming(facts)[:_NEXT],
            "latest": latest_published(facts),
            "mails": _mails(facts),
            "troubles": trouble_line(facts.troubles),
        },
    )


def _lead(facts: SiteFacts) -> str:
    deadline = moment_text(facts.schedule.submit_before)
    if facts.is_open:
        return f"Đang thu báo cáo; hạn nộp: trước {deadline}."
    return f"Đã khóa sổ; hạn nộp là trước {deadline}."


def _tiles(facts: SiteFacts) -> list[Tile]:
    board, whole = facts.board, len(facts.board)
    kept = tally(board)
    tiles = [
        Tile(_share(kept.accepted, whole), "đơn vị đã có báo cáo được chấp nhận", _percent(completeness_pct(board))),
        Tile(_share(kept.on_time, whole), "đơn vị đúng hạn", _percent(timeliness_pct(board))),
    ]
    results = facts.results
    if results is None:
        return tiles
    without = facts.without_clause(results)
    period = f"kỳ {results.period.short}{f', {without}' if without else ''}"
    reached = results.tally(Outcome.REACHED)
    done = results.tasks.get(TaskStatus.DONE.value, 0)
    return [
        *tiles,
        Tile(_share(reached, len(results.headlines)), "chỉ tiêu đạt", period, href="chi-tieu.html"),
        Tile(_share(done, results.counted_tasks), "đầu việc hoàn thành", period),
    ]


def _share(part: int, whole: int) -> str:
    return f"{count_text(part)}/{count_text(whole)}"


def _percent(value: float) -> str:
    return percent_text(value)


def _board(facts: SiteFacts) -> Table:
    shown = set(facts.units)
    rows = [_board_row(facts, one) for one in facts.board if one.unit in shown]
    numbers = ("Lần nộp", "Lỗi", "Cảnh báo")
    return Table(
        caption=f"Tình hình nộp báo cáo {facts.current.label} của từng đơn vị",
        columns=columns("Đơn vị", "Trạng thái", "Thời hạn", "Nhận lúc", *numbers, numbers=numbers),
        rows=tuple(rows),
        more=_left_out(facts, len(rows)),
    )


def _left_out(facts: SiteFacts, shown: int) -> str:
    hidden = len(facts.board) - shown
    if not hidden:
        return ""
    return (
        f"Bảng nêu trước các đơn vị cần chú ý; còn {count_text(hidden)} đơn vị khác, xem tệp so-lieu.xlsx của báo cáo."
    )


def _board_row(facts: SiteFacts, one: UnitStanding) -> Row:
    return row(
        Cell(one.name, href=unit_path(one.unit)),
        _state(one, is_over=facts.is_over(facts.current)),
        timeliness_cell(one.timeliness),
        moment_text(one.received_at) if one.received_at else "",
        str(one.version or ""),
        str(one.critical) if one.version else "",
        str(one.warnings) if one.version else "",
    )


def _past(facts: SiteFacts) -> Table | None:
    periods = list(facts.standings)
    if len(periods) < 2:
        return None
    by_unit = {period: {one.unit: one for one in facts.standings[period]} for period in periods}
    return Table(
        caption="Thời hạn nộp của từng đơn vị qua các kỳ",
        columns=columns("Đơn vị", *[period.short for period in periods]),
        rows=tuple(
            row(
                Cell(facts.plan.unit_by_code[unit].name, href=unit_path(unit)),
                *[_past_cell(by_unit[period].get(unit), is_over=facts.is_over(period)) for period in periods],
            )
            for unit in facts.units
        ),
    )


def _past_cell(one: UnitStanding | None, *, is_over: bool) -> Cell:
    if one is None:
        return Cell("không thuộc kỳ này", mood="quiet")
    if one.state is UnitState.ACCEPTED:
        return timeliness_cell(one.timeliness)
    return _state(one, is_over=is_over)


def _state(one: UnitStanding, *, is_over: bool) -> Cell:
    """How a unit stands; what is missing is a fault only once the deadline is over."""
    is_fault = is_over and one.state is UnitState.MISSING
    if one.is_waiting:
        return Cell(one.label, mood="quiet")
    cell = Cell(one.state.label, mood="bad") if is_fault else state_cell(one.state)
    return replace(cell, note=f"kèm văn bản ký số hợp lệ của {enumeration(one.signed_by)}") if one.signed_by else cell


def _mails(facts: SiteFacts) -> str:
    counts = facts.deliveries
    parts: Sequence[tuple[str, int]] = (
        ("đã gửi", counts.sent - counts.filed),
        ("đã ghi ra tệp", counts.filed),
        ("chờ gửi", counts.pending + counts.deferred),
        ("bị từ chối", counts.refused),
        ("chưa rõ", counts.uncertain),
    )
    told = [f"{name} {count_text(count)}" for name, count in parts if count]
    return f"Thư của kỳ: {', '.join(told)}." if told else ""
