"""Một trang cho thủ trưởng đơn vị: a unit's own result, its place among the units, and what is due of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from baocao.domain.grouping import grouped
from baocao.domain.planned.choices import UnitPage
from baocao.domain.planned.indicator import bound
from baocao.domain.reported.document import ResultsDocument, UnitCell
from baocao.domain.reported.outcome import Outcome, is_separate, target_text
from baocao.domain.reported.progress import FigureResult, TaskStatus, UnitStanding, UnitTask
from baocao.domain.wording import percent_text
from baocao.narrative.front import due_by_unit
from baocao.narrative.phrases import padded, upper_first
from baocao.narrative.results import named_alone
from baocao.narrative.story import TableRow

_MOST_NAMED = 40
_MOST_DUE = 8
_ORDER = "xếp theo phần tỷ lệ đạt trong số tỷ lệ có phát sinh, bằng nhau thì đồng hạng"


@dataclass(frozen=True)
class HeadPage:
    """What a unit's head reads: sentences, what was not reached with ratio and target, due work."""

    result: str
    tasks: str
    place: str
    others: tuple[str, ...]
    missed: tuple[tuple[str, str, str], ...]
    due: tuple[TableRow, ...]
    more_due: str


class _Own(NamedTuple):
    """What is a unit's own: its figures with their outcomes, its tasks, what is due of it."""

    cells: Sequence[tuple[FigureResult, UnitCell]]
    tasks: Sequence[UnitTask]
    due: Sequence[TableRow]


def head_pages(report: ResultsDocument, wish: UnitPage) -> dict[str, HeadPage]:
    """A page for each unit, by its code; ``wish`` says whether the other units are named in it."""
    by_unit: dict[str, list[UnitCell]] = {standing.unit: [] for standing in report.standings}
    figures = {figure.code: figure for figure in report.figures if _counts(report, figure)}
    for cell in report.unit_cells():
        if cell.code in figures and cell.unit in by_unit:
            by_unit[cell.unit].append(cell)
    places, due = _places(by_unit), due_by_unit(report)
    tasks = grouped(report.tasks, lambda task: task.unit)
    others = _named(report, places) if wish is UnitPage.NAMED else ()
    pages: dict[str, HeadPage] = {}
    for one in report.standings:
        cells = [(figures[cell.code], cell) for cell in by_unit[one.unit]]
        own = _Own(cells, tasks.get(one.unit, []), due.get(one.unit, []))
        is_placed = one.unit in places
        place = _place(places[one.unit][0], len(places)) if is_placed else ""
        pages[one.unit] = _page(report, one, own, place, others if is_placed else ())
    return pages


def _counts(report: ResultsDocument, figure: FigureResult) -> bool:
    """What a unit is judged by: its headlines; in a month the components of those that have no ratio of their own."""
    if report.looks_back or not is_separate(figure):
        return figure.is_headline or (not report.looks_back and figure.code in _parts(report))
    return False


def _parts(report: ResultsDocument) -> set[str]:
    apart = {figure.code for figure in report.headlines if is_separate(figure)}
    return {figure.code for figure in report.figures if not figure.is_headline and figure.indicator in apart}


def _places(by_unit: dict[str, list[UnitCell]]) -> dict[str, tuple[int, float]]:
    """By unit its place and the share of ratios that it reached; equal shares have the same place."""
    shares: dict[str, float] = {}
    for unit, cells in by_unit.items():
        counts = Counter(cell.outcome for cell in cells)
        judged = counts[Outcome.REACHED] + counts[Outcome.MISSED]
        if judged:
            shares[unit] = counts[Outcome.REACHED] / judged
    above = Counter(shares.values())
    place = 1
    places: dict[float, int] = {}
    for share in sorted(above, reverse=True):
        places[share] = place
        place += above[share]
    return {unit: (places[share], share) for unit, share in shares.items()}


def _page(report: ResultsDocument, standing: UnitStanding, own: _Own, place: str, others: tuple[str, ...]) -> HeadPage:
    rest = len(own.due) - _MOST_DUE
    return HeadPage(
        result=_result(report, standing, [cell.outcome for _, cell in own.cells]),
        tasks=_tasks(own.tasks),
        place=place,
        others=others,
        missed=tuple(
            (
                upper_first(named_alone(report, figure)),
                percent_text(cell.ratio_pct, bound(aimed)),
                target_text(aimed),
            )
            for figure, cell in own.cells
            for aimed in (figure.of(standing.unit),)
            if cell.outcome is Outcome.MISSED
        ),
        due=tuple(own.due[:_MOST_DUE]),
        more_due=f"Còn {padded(rest)} việc khác trong báo cáo." if rest > 0 else "",
    )


def _result(report: ResultsDocument, standing: UnitStanding, outcomes: Sequence[Outcome]) -> str:
    when = f"toàn đợt {report.phase}" if report.looks_back else report.period.label
    if not outcomes:
        return f"Chưa có báo cáo {when} được chấp nhận ({standing.label.lower()}) nên chưa có kết quả."
    counts = Counter(outcomes)
    words = ((Outcome.REACHED, "đạt"), (Outcome.MISSED, "chưa đạt"), (Outcome.NOT_APPLICABLE, "không phát sinh"))
    parts = [f"{padded(counts[one])} {word}" for one, word in words if counts[one] or one is Outcome.REACHED]
    if counts[Outcome.NO_DATA]:
        parts.append(f"{padded(counts[Outcome.NO_DATA])} chưa có số liệu")
    return f"Kết quả {when}: trong {padded(len(outcomes))} tỷ lệ, {', '.join(parts)}."


def _tasks(tasks: Sequence[UnitTask]) -> str:
    own = [task for task in tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    if not own:
        return ""
    done, overdue = sum(task.status is TaskStatus.DONE for task in own), sum(task.is_overdue for task in own)
    late = f", {padded(overdue)} quá hạn" if overdue else ", không có việc quá hạn"
    return f"Nhiệm vụ: {padded(done)}/{padded(len(own))} đầu việc hoàn thành{late}."


def _place(place: int, of: int) -> str:
    return f"Thứ hạng: {padded(place)} trong {padded(of)} đơn vị có số liệu ({_ORDER})."


def _named(report: ResultsDocument, places: dict[str, tuple[int, float]]) -> tuple[str, ...]:
    ordered = sorted(places.items(), key=lambda item: item[1][0])[:_MOST_NAMED]
    return tuple(
        f"{padded(place)}. {report.unit_name(unit)}: {percent_text(share * 100)} số tỷ lệ đạt"
        for unit, (place, share) in ordered
    )
