"""Tồn tại, nhiệm vụ tháng tới: the paragraphs on what is wrong and what comes next."""

from collections.abc import Sequence

from baocao.domain.planned.indicator import Direction, IndicatorKind, bound
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.forecast import Outlook
from baocao.domain.reported.outcome import Outcome, lacking_points, lacking_text, measured, ratio_text
from baocao.domain.reported.progress import FigureResult, UnitFigure, UnitStanding, UnitTask
from baocao.domain.reported.report import Report
from baocao.domain.wording import date_text, moment_text, percent_text, points_text
from baocao.narrative.coverage import coverage_note
from baocao.narrative.front import due_next_clause
from baocao.narrative.phrases import clause, listed, lower_first, padded, unit_names, upper_first
from baocao.narrative.results import accepted_units, named_alone, of_outcome, units_text

_UNITS_ANNEX = "Phụ lục II"
_FURTHEST = 3
_LOWEST = 3
_LONGEST_CAUSE = 120
_MOST_PUSHED = 3


def shortcoming_paragraphs(report: Report) -> tuple[str, ...]:
    """Late, missing and returned units; the indicators furthest from their target with the causes; overdue tasks."""
    paragraphs = (_units(report), *_far_indicators(report), _overdue(report))
    found = tuple(paragraph for paragraph in paragraphs if paragraph)
    if found:
        return found
    return ("Các đơn vị nộp báo cáo đầy đủ, đúng hạn; không có chỉ tiêu chưa đạt và không có nhiệm vụ quá hạn.",)


def _units(report: Report) -> str:
    missing = _names(report, UnitState.MISSING)
    held = _names(report, UnitState.QUARANTINED)
    told = (
        f"{_counted(missing)} chưa nộp báo cáo: {unit_names(missing)}." if missing else "",
        *_returned(report),
        f"{_counted(held)} có báo cáo chưa được ghi nhận, đang chờ xác minh: {unit_names(held)}." if held else "",
        _late(report),
    )
    return " ".join(filter(None, told))


def _names(report: Report, state: UnitState) -> list[str]:
    return [standing.name for standing in report.standings if standing.state is state]


def _counted(items: Sequence[object]) -> str:
    return f"{padded(len(items))} đơn vị"


def _returned(report: Report) -> tuple[str, ...]:
    returned = [standing for standing in report.standings if standing.state is UnitState.REJECTED]
    if not returned:
        return ()
    shown = [f"{standing.name} ({padded(standing.critical)} lỗi)" for standing in returned]
    return (f"{_counted(returned)} có báo cáo bị trả lại, chưa nộp bản đã sửa: {listed(shown, 'đơn vị', 5)}.",)


def _late(report: Report) -> str:
    late = [
        standing
        for standing in report.standings
        if standing.timeliness is Timeliness.LATE and standing.state is not UnitState.MISSING
    ]
    return f"{_counted(late)} nộp quá hạn: {listed([_late_unit(s) for s in late], 'đơn vị', 5)}." if late else ""


def _late_unit(standing: UnitStanding) -> str:
    return f"{standing.name} (nhận lúc {moment_text(standing.received_at)})" if standing.received_at else standing.name


def missed_furthest(report: Report) -> list[FigureResult]:
    """The figures below their target, furthest from it first (components where there is no headline ratio)."""
    parts = [part for figure in of_outcome(report, Outcome.MISSED) for part in measured(report, figure)]
    return sorted((part for part in parts if part.reached is False), key=lambda part: -lacking_points(part))


def _far_indicators(report: Report) -> tuple[str, ...]:
    far = missed_furthest(report)
    if not far:
        return ()
    paragraphs = [_far_indicator(report, figure) for figure in far[:_FURTHEST]]
    missed = f"{padded(len(of_outcome(report, Outcome.MISSED)))} chỉ tiêu chưa đạt"
    where = f" (đủ tại {_UNITS_ANNEX})"
    lead = f"{missed}, còn cách mục tiêu xa nhất{where}:" if len(far) > _FURTHEST else f"{missed}{where}:"
    return (lead, *paragraphs)


def _far_indicator(report: Report, figure: FigureResult) -> str:
    name, target = upper_first(named_alone(report, figure)), percent_text(figure.target_pct)
    apart = "cao hơn mức tối đa" if figure.direction is Direction.LOWER else "thấp hơn mục tiêu"
    lacking = lacking_text(lacking_points(figure))
    below = _below(report, figure)
    noted = coverage_note(figure, report.names_of_units)
    scope = f" ({noted})" if noted and not {one.unit for one in figure.carried} <= {one.unit for one in below} else ""
    text = f"- {name}: {ratio_text(figure)}{scope}, {apart} {target} là {lacking}."
    return f"{text}{_behind(report, figure, below)}"


def _below(report: Report, figure: FigureResult) -> list[UnitFigure]:
    """Who is below the target, the lowest first; of silent units, whose last value counts on."""
    known = (*report.unit_figures, *report.carried_figures)
    below = [unit for unit in known if unit.code == figure.code and unit.reached is False]
    return sorted(below, key=lambda unit: unit.ratio_pct or 0, reverse=figure.direction is Direction.LOWER)


def _behind(report: Report, figure: FigureResult, below: list[UnitFigure]) -> str:
    if not below:
        return ""
    shown = [_behind_unit(report, unit, figure) for unit in below[:_LOWEST]]
    causes = (clause(unit.note, _LONGEST_CAUSE) for unit in below)
    cause = next(filter(None, causes), "")
    why = f"; nguyên nhân: {lower_first(cause)}" if cause else ""
    return f" Đơn vị chưa đạt: {listed(shown, 'đơn vị', more=len(below) - len(shown))}{why}."


def _behind_unit(report: Report, unit: UnitFigure, figure: FigureResult) -> str:
    name = f"{report.unit_name(unit.unit)} {percent_text(unit.ratio_pct, bound(figure.of(unit.unit)))}"
    since = next((one.since for one in figure.carried if one.unit == unit.unit), None)
    return f"{name} (số {since.short})" if since else name


def overdue_tasks(report: Report) -> list[UnitTask]:
    """Tasks past their due date and not done."""
    return [task for task in report.tasks if task.is_overdue]


def _overdue(report: Report) -> str:
    overdue = overdue_tasks(report)
    if not overdue:
        return ""
    units = units_text(report, list(dict.fromkeys(task.unit for task in overdue)))
    return f"{padded(len(overdue))} đầu việc quá hạn tại {units} (Phụ lục III)."


def next_month_paragraphs(report: Report) -> tuple[str, ...]:
    """What the figures and the due dates ask for in the month to come; who owes a report stands on the first page."""
    paragraphs = (
        _push(report),
        _heading(report),
        _keep(report),
        _finish(report),
        _end(report),
    )
    found = tuple(paragraph for paragraph in paragraphs if paragraph)
    return found or ("Tiếp tục triển khai các nhiệm vụ theo Kế hoạch.",)


def _push(report: Report) -> str:
    far = missed_furthest(report)
    if not far:
        return ""
    months = len(periods_between(report.period.next, Period.of(report.pilot.end)))
    if months < 1:
        return ""
    rising = [part for part in far[:_MOST_PUSHED] if part.direction is Direction.HIGHER]
    if not rising:
        return ""
    shown = [f"{part.code} {_pace(part, months)}" for part in rising]
    return f"Để đạt mục tiêu vào ngày {date_text(report.pilot.end)}, bình quân mỗi tháng cần tăng: {'; '.join(shown)}."


def _heading(report: Report) -> str:
    """Where the present pace leads, said only of what is not sure to reach its target."""
    if report.period >= Period.of(report.pilot.end):
        return ""
    named = {figure.code for figure in report.figures}
    cumulative = {one.code: "lũy kế " if one.kind is IndicatorKind.FLOW else "" for one in report.figures}
    rows = [row for row in report.forecasts if row.unit is None and row.code in named]
    unlikely = [
        f"{row.code} {cumulative[row.code]}{percent_text(row.expected_pct, bound(row))}"
        for row in rows
        if row.outlook is Outlook.UNLIKELY
    ]
    unsure = [row.code for row in rows if row.outlook is Outlook.UNCERTAIN]
    clauses = [
        f"{padded(len(unlikely))} tỷ lệ dự báo không đạt mục tiêu: {listed(unlikely, 'tỷ lệ')}" if unlikely else "",
        f"{padded(len(unsure))} tỷ lệ chưa chắc đạt: {', '.join(unsure)}" if unsure else "",
    ]
    if not any(clauses):
        return ""
    end = date_text(report.pilot.end)
    return f"Nếu giữ đà hiện nay, đến ngày {end} có {'; '.join(filter(None, clauses))} (Phụ lục I)."


def _pace(part: FigureResult, months: int) -> str:
    pace = lacking_points(part) / months
    return points_text(pace) if pace >= 0.1 else "chưa đến 0,1 điểm phần trăm"


def _keep(report: Report) -> str:
    reached = of_outcome(report, Outcome.REACHED)
    is_all = 0 < len(reached) == len(report.headlines)
    return "Duy trì kết quả của tất cả các chỉ tiêu." if is_all and accepted_units(report) else ""


def _finish(report: Report) -> str:
    """What is overdue and what falls due; by name in the first page's table and in the annex."""
    overdue, due = len(overdue_tasks(report)), due_next_clause(report)
    parts = [f"dứt điểm {padded(overdue)} đầu việc đã quá hạn"] if overdue else []
    parts += [due] if due else []
    return f"Hoàn thành {' và '.join(parts)} (Phụ lục III)." if parts else ""


def _end(report: Report) -> str:
    if report.period < Period.of(report.pilot.end):
        return ""
    return (
        f"Thời gian {report.phase} kết thúc ngày {date_text(report.pilot.end)}: các đơn vị hoàn thiện số liệu, "
        "minh chứng phục vụ tổng kết, đánh giá."
    )
