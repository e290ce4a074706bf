"""Lời đọc biểu đồ: what a chart shows, as the sentence below its caption; and how large it stands on paper."""

from collections import Counter
from collections.abc import Callable

from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.forecast import Outlook
from baocao.domain.reported.outcome import Outcome, lacking_points, lacking_text, measured
from baocao.domain.wording import date_text, enumeration
from baocao.narrative.coverage import silent_names, uncounted
from baocao.narrative.phrases import listed, padded, unit_names
from baocao.narrative.results import of_outcome
from baocao.render.charts.chart import ATTAINMENT, HEAT_MAP, TIMELINESS, TRAJECTORY

_WIDTH_MM = 104
_MOST_HIGH_MM = 215
_FURTHEST = 3
_MOST_UNITS = 8


def width_mm(ratio: float) -> float:
    """How wide a chart is printed whose height is so many widths: all alike, but for what a page could not hold."""
    return min(_WIDTH_MM, _MOST_HIGH_MM / ratio)


def chart_reading(report: ResultsDocument, name: str) -> str:
    """What the chart shows of this report, in one or two sentences; it says which units are not in it."""
    readings: dict[str, Callable[[ResultsDocument], str]] = {
        ATTAINMENT: _attainment,
        TRAJECTORY: _trajectory,
        HEAT_MAP: _heat_map,
        TIMELINESS: _timeliness,
    }
    return readings[name](report)


def _attainment(report: ResultsDocument) -> str:
    reached, missed = (of_outcome(report, one) for one in (Outcome.REACHED, Outcome.MISSED))
    text = f"{padded(len(reached))} chỉ tiêu đạt, {padded(len(missed))} chưa đạt{uncounted(report)}"
    parts = {part.code: lacking_points(part) for figure in missed for part in measured(report, figure)}
    far = sorted(filter(parts.get, parts), key=lambda code: -parts[code])[:_FURTHEST]
    shown = "; ".join(f"{code} thiếu {lacking_text(parts[code])}" for code in far)
    return f"{text}; xa mục tiêu nhất: {shown}." if shown else f"{text}."


def _trajectory(report: ResultsDocument) -> str:
    flows = [one.code for one in report.headlines if one.kind is IndicatorKind.FLOW]
    scope = f"Tỷ lệ của {enumeration(flows)} trên đường là số trong từng tháng, không phải lũy kế." if flows else ""
    return " ".join(filter(None, (_ahead(report), scope))) or "Mỗi ô là một tỷ lệ qua các tháng."


def _ahead(report: ResultsDocument) -> str:
    """Where the ratios lead; empty where the report has no forecast."""
    rows = [row for row in report.forecasts if row.unit is None]
    if not rows:
        return ""
    unlikely = [row.code for row in rows if row.outlook is Outlook.UNLIKELY]
    unsure = sum(row.outlook is Outlook.UNCERTAIN for row in rows)
    named = f"dự báo không đạt: {', '.join(unlikely)}" if unlikely else "không tỷ lệ nào dự báo không đạt"
    more = f"; {padded(unsure)} tỷ lệ chưa chắc đạt" if unsure else ""
    return f"Nếu giữ đà hiện nay, đến {date_text(report.pilot.end)} {named}{more}."


def _heat_map(report: ResultsDocument) -> str:
    judged, reached = Counter[str](), Counter[str]()
    drawn = {part.code for one in report.headlines for part in ((one,) if report.looks_back else measured(report, one))}
    for cell in report.unit_cells():
        if cell.code in drawn and cell.outcome in (Outcome.REACHED, Outcome.MISSED):
            judged[cell.unit] += 1
            reached[cell.unit] += cell.outcome is Outcome.REACHED
    noun = "chỉ tiêu" if report.looks_back else "tỷ lệ"
    units = [
        f"{one.name} đạt {padded(reached[one.unit])}/{padded(judged[one.unit])} {noun}"
        for one in report.standings
        if judged[one.unit]
    ]
    silent = silent_names(report)
    missing = f" Chưa có số liệu kỳ này của {unit_names(silent)}." if silent else ""
    return f"{listed(units, 'đơn vị', _MOST_UNITS)}.{missing}"


def _timeliness(report: ResultsDocument) -> str:
    last = report.timeliness[-1]
    return (
        f"Kỳ {last.period.short}: {padded(last.on_time)} đơn vị đúng hạn, {padded(last.late)} quá hạn, "
        f"{padded(last.missing)} chưa có báo cáo được chấp nhận."
    )
