"""Tồn tại, nhiệm vụ tháng tới: the paragraphs on what is wrong and what comes next."""

from collections.abc import Sequence

from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.forecast import Outlook
from baocao.domain.reported.outcome import Outcome, lacking_points, lacking_text, measured, ratio_text
from baocao.domain.reported.progress import FigureResult, ForecastRow, UnitFigure, UnitStanding, UnitTask
from baocao.domain.reported.report import Report
from baocao.domain.wording import date_text, moment_text, percent_text, points_text
from baocao.narrative.coverage import coverage_note, unit_names_of
from baocao.narrative.front import due_next_clause
from baocao.narrative.phrases import listed, lower_first, padded, quoted, sentence, unit_names, upper_first
from baocao.narrative.results import accepted_units, named_alone, of_outcome, units_text

_UNITS_ANNEX = "Phụ lục II"
_FURTHEST = 3
_CAUSES = 3
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
    lead = f"{missed}, trong đó còn cách mục tiêu xa nhất:" if len(far) > _FURTHEST else f"{missed}:"
    return (lead, *paragraphs)


def _far_indicator(report: Report, figure: FigureResult) -> str:
    name, target = upper_first(named_alone(report, figure)), percent_text(figure.target_pct)
    lacking = lacking_text(lacking_points(figure))
    noted = coverage_note(figure, unit_names_of(report))
    scope = f" ({noted})" if noted else ""
    text = f"- {name}: {ratio_text(figure)}{scope}, thấp hơn mục tiêu {target} là {lacking}."
    return f"{text}{_behind(report, figure)}"


def _behind(report: Report, figure: FigureResult) -> str:
    below = [unit for unit in report.unit_figures if unit.code == figure.code and unit.reached is False]
    below.sort(key=lambda unit: unit.ratio_pct or 0)
    if not below:
        return ""
    clauses = [_behind_unit(report, unit, figure) for unit in below[:_CAUSES]]
    return f" Đơn vị chưa đạt: {listed(clauses, 'đơn vị', more=len(below) - len(clauses))}."


def _behind_unit(report: Report, unit: UnitFigure, figure: FigureResult) -> str:
    name = f"{report.unit_name(unit.unit)} {percent_text(unit.ratio_pct, figure.target_pct)}"
    return f"{name} (nguyên nhân: {lower_first(quoted(unit.note, 160, _UNITS_ANNEX))})" if unit.note else name


def overdue_tasks(report: Report) -> list[UnitTask]:
    """Tasks past their due date and not done."""
    return [task for task in report.tasks if task.is_overdue]


def _overdue(report: Report) -> str:
    overdue = overdue_tasks(report)
    if not overdue:
        return ""
    units = units_text(report, list(dict.fromkeys(task.unit for task in overdue)))
    return f"{padded(len(overdue))} đầu việc quá hạn tại {units}, nêu ở bảng đầu báo cáo và Phụ lục III."


def next_month_paragraphs(report: Report) -> tuple[str, ...]:
    """What the figures, the due dates and the missing reports ask for in the month to come."""
    paragraphs = (
        _chase(report),
        _push(report),
        _heading(report),
        _keep(report),
        _finish(report),
        _end(report),
    )
    found = tuple(paragraph for paragraph in paragraphs if paragraph)
    return found or ("Tiếp tục triển khai các nhiệm vụ theo Kế hoạch.",)


def _chase(report: Report) -> str:
    absent = [standing.name for standing in report.standings if standing.state is not UnitState.ACCEPTED]
    return (
        f"Đôn đốc {unit_names(absent)} hoàn thành báo cáo {report.period.label} để bổ sung số liệu." if absent else ""
    )


def _push(report: Report) -> str:
    far = missed_furthest(report)
    if not far:
        return ""
    months = len(periods_between(report.period.next, Period.of(report.pilot.end)))
    if months < 1:
        return ""
    shown = [f"{part.code} mỗi tháng {_pace(part, months)}" for part in far[:_MOST_PUSHED]]
    return (
        f"Tập trung nâng các tỷ lệ chưa đạt. Để đạt mục tiêu vào ngày {date_text(report.pilot.end)}, "
        f"cần tăng bình quân: {'; '.join(shown)}."
    )


def _heading(report: Report) -> str:
    """Where the present pace leads, said only of what is not sure to reach its target."""
    if report.period >= Period.of(report.pilot.end):
        return ""
    named = {figure.code for figure in report.figures}
    cumulative = {one.code: "lũy kế " if one.kind is IndicatorKind.FLOW else "" for one in report.figures}
    rows = [row for row in report.forecasts if row.unit is None and row.code in named]
    clauses = []
    for outlook, words in ((Outlook.UNLIKELY, "dự báo không đạt mục tiêu"), (Outlook.UNCERTAIN, "chưa chắc đạt")):
        found = [f"{row.code} {cumulative[row.code]}{_where(row)}" for row in rows if row.outlook is outlook]
        if found:
            where = " nêu tại Phụ lục I" if len(found) > _FURTHEST else ""
            clauses.append(f"{padded(len(found))} tỷ lệ {words}: {listed(found, 'tỷ lệ', _FURTHEST)}{where}")
    if not clauses:
        return ""
    end = date_text(report.pilot.end)
    return f"Nếu giữ đà hiện nay, đến ngày {end} có {' '.join(sentence(clause) for clause in clauses)}"


def _where(row: ForecastRow) -> str:
    """What is expected; of what is not sure, the span."""
    expected, lowest, highest = (
        percent_text(pct, row.target_pct) for pct in (row.expected_pct, row.lowest_pct, row.highest_pct)
    )
    return f"từ {lowest} đến {highest}" if row.outlook is Outlook.UNCERTAIN else expected


def _pace(part: FigureResult, months: int) -> str:
    pace = lacking_points(part) / months
    return points_text(pace) if pace >= 0.1 else "chưa đến 0,1 điểm phần trăm"


def _keep(report: Report) -> str:
    reached = of_outcome(report, Outcome.REACHED)
    is_all = len(reached) == len(report.headlines)
    return "Duy trì kết quả của tất cả các chỉ tiêu." if is_all and accepted_units(report) else ""


def _finish(report: Report) -> str:
    """What is overdue and what falls due; by name in the first page's table and in the annex."""
    overdue, due = len(overdue_tasks(report)), due_next_clause(report)
    parts = [f"dứt điểm {padded(overdue)} đầu việc đã quá hạn"] if overdue else []
    parts += [due] if due else []
    return f"Hoàn thành {' và '.join(parts)}, nêu ở bảng đầu báo cáo và Phụ lục III." if parts else ""


def _end(report: Report) -> str:
    if report.period < Period.of(report.pilot.end):
        return ""
    return (
        f"Thời gian {report.phase} kết thúc ngày {date_text(report.pilot.end)}: các đơn vị hoàn thiện số liệu, "
        "minh chứng phục vụ tổng kết, đánh giá."
    )
