"""Các bảng của phụ lục: a Report's tables as rows of text, cut to what can be read on paper.

A row is a dictionary of texts; ``la_nhom`` marks a heading row whose text is ``ten``. The whole of the data is in
``so-lieu.xlsx``; where rows are left out here, :attr:`PaperTable.more` says how many.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.outcome import (
    Outcome,
    direction,
    is_separate,
    measured,
    outcome,
    ratio_text,
    target_text,
    unit_outcome,
)
from baocao.domain.reported.progress import FigureResult, ForecastRow, UnitFigure, UnitStanding, UnitTask
from baocao.domain.reported.report import Report
from baocao.domain.wording import (
    NO_DATA,
    count_text,
    date_text,
    decimal_text,
    enumeration,
    moment_text,
    percent_text,
)
from baocao.narrative.coverage import scope_note
from baocao.narrative.phrases import padded
from baocao.narrative.results import scope_word
from baocao.narrative.story import TableRow

MOST_UNITS = 40
_MOST_ROWS = 200

STATES = {one: one.reported for one in UnitState}
TIMELINESS = {one: one.label for one in Timeliness}
SEVERITIES = {one.value: one.label for one in Severity}


@dataclass(frozen=True)
class PaperTable:
    """Rows for paper; ``more`` is a sentence on what was left out, empty where nothing was."""

    rows: list[TableRow] = field(default_factory=list)
    more: str = ""


def cut(rows: list[TableRow]) -> PaperTable:
    """The first rows, with a sentence on how many are left out."""
    return PaperTable(rows[:_MOST_ROWS], _left_out(len(rows)))


def _left_out(count: int) -> str:
    rest = count - _MOST_ROWS
    return f"Còn {count_text(rest)} dòng; xem đầy đủ tại tệp so-lieu.xlsx." if rest > 0 else ""


def change_text(figure: FigureResult) -> str:
    """``+2,5``, ``-0,3``, ``0``: percentage points against last month; empty without a comparison."""
    points = figure.change_points
    if points is None:
        return ""
    sign = {1: "+", -1: "-", 0: ""}[direction(points)]
    return f"{sign}{decimal_text(abs(points))}" if sign else "0"


def figure_table(report: ResultsDocument) -> PaperTable:
    """Every indicator and component, under the headings of their groups."""
    rows: list[TableRow] = []
    for key, name in report.indicator_groups.items():
        figures = [figure for figure in report.figures if report.indicator_group_of.get(figure.indicator) == key]
        if figures:
            rows.append(heading(name.rstrip(" :")))
            rows.extend(_figure_row(report, figure) for figure in figures)
    return PaperTable(rows)


def heading(text: str) -> TableRow:
    """A row over all columns."""
    return {"la_nhom": True, "ten": text}


def _figure_row(report: ResultsDocument, figure: FigureResult) -> TableRow:
    has_ratio = not is_separate(figure)
    previous = figure.before_pct
    return {
        "la_nhom": False,
        "la_thanh_phan": not figure.is_headline,
        "ma": figure.code,
        "ten": figure.name,
        "muc_tieu": target_text(figure),
        "tu_so": count_text(figure.numerator),
        "mau_so": count_text(figure.denominator),
        "ty_le": _ratio_cell(figure) if has_ratio else "",
        "ky_truoc": "" if previous is None else percent_text(previous, bound(figure)),
        "thay_doi": change_text(figure),
        "luy_ke": _cumulative_cell(figure),
        "ket_qua": _result_cell(report, figure),
        "tinh": scope_word(report, figure) if has_ratio else "",
    }


def _result_cell(report: ResultsDocument, figure: FigureResult) -> str:
    """The verdict, and in the same cell whose figures it rests on where that is not this period of all units."""
    noted = scope_note(figure, report.names_of_units)
    result = outcome(report, figure).value
    return f"{result} ({noted})" if noted else result


def _ratio_cell(figure: FigureResult) -> str:
    text = ratio_text(figure)
    if figure.is_estimated:
        return "ước theo thành phần" if figure.ratio_pct is None else f"{text} (ước)"
    return "" if figure.ratio_pct is None else text


def _cumulative_cell(figure: FigureResult) -> str:
    if figure.kind == "stock" or figure.cumulative_ratio_pct is None:
        return ""
    return percent_text(figure.cumulative_ratio_pct, bound(figure))


def forecast_table(report: Report) -> PaperTable:
    """Where each ratio of the whole leads at the present pace; empty while there are too few periods, or at the end."""
    if report.period >= Period.of(report.pilot.end):
        return PaperTable()
    figures = {figure.code: figure for figure in report.figures}
    rows = [row for row in report.forecasts if row.unit is None and row.code in figures]
    return PaperTable([_forecast_row(figures[row.code], row) for row in rows])


def _forecast_row(figure: FigureResult, row: ForecastRow) -> TableRow:
    lowest, highest = (percent_text(pct, bound(row)) for pct in (row.lowest_pct, row.highest_pct))
    return {
        "ma": row.code,
        "ten": figure.name,
        "muc_tieu": target_text(row),
        "hien_nay": forecast_base(figure),
        "du_bao": percent_text(row.expected_pct, bound(row)),
        "khoang": lowest if lowest == highest else f"{lowest} đến {highest}",
        "nhan_dinh": row.outlook.value,
    }


def forecast_base(figure: FigureResult) -> str:
    """Where a forecast sets out from: the ratio now, of a FLOW figure the cumulative one."""
    if figure.kind is IndicatorKind.STOCK:
        return ratio_text(figure)
    return f"{percent_text(figure.cumulative_ratio_pct, bound(figure))} (lũy kế)"


def unit_table(report: Report) -> PaperTable:
    """Each unit's indicators; of very many units those that reached the fewest."""
    by_unit = grouped((*report.unit_figures, *report.carried_figures), lambda figure: figure.unit)
    shown = _weakest(report.standings, by_unit) if len(report.standings) > MOST_UNITS else list(report.standings)
    named = [part for headline in report.headlines for part in measured(report, headline)]
    rows: list[TableRow] = []
    for standing in shown:
        rows.extend(_unit_rows(report, standing, named, by_unit.get(standing.unit, [])))
    if len(shown) == len(report.standings):
        return PaperTable(rows)
    whole = count_text(len(report.standings))
    more = f"Bảng nêu {MOST_UNITS} đơn vị có ít chỉ tiêu đạt nhất; xem đủ {whole} đơn vị tại tệp so-lieu.xlsx."
    return PaperTable(rows, more)


def _weakest(standings: Iterable[UnitStanding], by_unit: dict[str, list[UnitFigure]]) -> list[UnitStanding]:
    reported = [standing for standing in standings if standing.unit in by_unit]
    reported.sort(key=lambda standing: sum(figure.reached is True for figure in by_unit[standing.unit]))
    return reported[:MOST_UNITS]


def _unit_rows(
    report: Report, standing: UnitStanding, named: list[FigureResult], figures: list[UnitFigure]
) -> list[TableRow]:
    state = STATES[standing.state].lower()
    if not figures:
        return [heading(f"{standing.name}: {state}, chưa có số liệu")]
    found = {figure.code: figure for figure in figures}
    rows = [_unit_row(row, found[row.code]) for row in named if row.code in found]
    counts = tally_text([Outcome(row["ket_qua"]) for row in rows], "tỷ lệ")
    since = sorted({one.since for figure in report.figures for one in figure.carried if one.unit == standing.unit})
    if since:
        months = enumeration([one.short for one in since])
        return [heading(f"{standing.name}: {state}; số tại ngày chốt lấy theo {months}: {counts}"), *rows]
    return [heading(f"{standing.name}: {counts}"), *rows]


def tally_text(outcomes: Sequence[Outcome], noun: str) -> str:
    """``10 tỷ lệ đạt, 06 chưa đạt, 01 không phát sinh``: nothing is counted among what it is not."""
    counts = Counter(outcomes)
    reached = f"{padded(counts[Outcome.REACHED])} {noun} đạt"
    rest = [
        f"{padded(counts[one])} {one.value.lower()}" for one in Outcome if one in counts and one is not Outcome.REACHED
    ]
    return ", ".join([reached, *rest])


def _unit_row(row: FigureResult, figure: UnitFigure) -> TableRow:
    row, state = row.of(figure.unit), unit_outcome(figure)
    has_ratio = figure.ratio_pct is not None
    return {
        "la_nhom": False,
        "ma": row.code,
        "ten": row.name,
        "muc_tieu": target_text(row),
        "tu_so": count_text(figure.numerator),
        "mau_so": count_text(figure.denominator),
        "ty_le": percent_text(figure.ratio_pct, bound(row)) if has_ratio else "",
        "ket_qua": state.value,
        "minh_chung": figure.evidence,
        "ghi_chu": figure.note,
    }


def task_table(report: ResultsDocument) -> PaperTable:
    """Each task under its name with how every unit stands on it; of very many, the overdue ones first."""
    names = report.names_of_tasks
    by_code: dict[str, list[UnitTask]] = {code: [] for code in names}
    for task in report.tasks:
        by_code.setdefault(task.code, []).append(task)
    rows: list[TableRow] = []
    for code, tasks in by_code.items():
        if tasks:
            rows.append({"la_nhom": True, "ma": code, "ten": names.get(code, "")})
            limit = max(3, _MOST_ROWS // len(by_code))
            shown = tasks if len(tasks) <= limit else sorted(tasks, key=lambda task: not task.is_overdue)[:limit]
            rows.extend(_task_row(report, task) for task in shown)
    hidden = len(report.tasks) - sum(not row["la_nhom"] for row in rows)
    more = f"Còn {count_text(hidden)} dòng; xem đầy đủ tại tệp so-lieu.xlsx." if hidden else ""
    return PaperTable(rows, more)


def _task_row(report: ResultsDocument, task: UnitTask) -> TableRow:
    status = task.status.value if task.status else NO_DATA
    done = f"Hoàn thành ngày {date_text(task.done_date)}" if task.done_date else ""
    return {
        "la_nhom": False,
        "don_vi": report.unit_name(task.unit),
        "chu_tri": task.lead,
        "phoi_hop": task.coordinating,
        "han": date_text(task.due_date) if task.due_date else "",
        "trang_thai": f"{status} (quá hạn)" if task.is_overdue else status,
        "tien_do": "" if task.progress_pct is None else percent_text(task.progress_pct),
        "san_pham": "; ".join(text for text in (done, task.product, task.note) if text),
    }


def standing_table(report: Document) -> PaperTable:
    """Who has reported, and when; of very many units those with something to say first."""
    standings = list(report.standings)
    if len(standings) > _MOST_ROWS:
        standings.sort(key=lambda s: (s.state is UnitState.ACCEPTED, s.timeliness is Timeliness.ON_TIME))
    shown = enumerate(standings[:_MOST_ROWS], start=1)
    return PaperTable([_standing_row(number, standing) for number, standing in shown], _left_out(len(standings)))


def _standing_row(number: int, standing: UnitStanding) -> TableRow:
    return {
        "stt": str(number),
        "don_vi": standing.name,
        "trang_thai": STATES[standing.state],
        "thoi_han": TIMELINESS[standing.timeliness],
        "thoi_diem": moment_text(standing.received_at) if standing.received_at else "",
        "lan": str(standing.version or ""),
        "loi": str(standing.critical),
        "canh_bao": str(standing.warnings),
    }


def restatement_table(report: Document) -> PaperTable:
    """What changed since the published version."""
    return cut(
        [
            {
                "ma": item.code,
                "ten": item.name,
                "da_cong_bo": item.published,
                "nay_la": item.corrected,
                "ly_do": item.reason,
            }
            for item in report.restatements
        ]
    )
