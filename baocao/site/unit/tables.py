"""What a unit reported last, as tables: its figures against the period before, its tasks, its difficulties."""

from baocao.domain.planned.form import FormKind
from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.reported.outcome import target_text, unit_outcome
from baocao.domain.reported.progress import TaskStatus, UnitFigure, UnitTask
from baocao.domain.wording import NO_DATA, count_text, date_text, percent_text, shown_change
from baocao.site.cells import Bar, Cell, Row, Table, change_text, columns, outcome_cell, row
from baocao.site.facts import SiteFacts
from baocao.site.units import UnitMonth


def figure_table(facts: SiteFacts, unit: str, period: Period) -> Table:
    """Every figure that the unit gave in a period, under the headings of their groups."""
    given = facts.data.figures[UnitMonth(unit, period)]
    group_of = {one.code: one.group for one in facts.plan.indicators}
    rows: list[Row] = []
    for key, name in facts.plan.indicator_groups.items():
        mine = [f.code for f in facts.plan.figures if group_of[f.indicator] == key and f.code in given]
        if mine:
            rows += [Row(heading=name.rstrip(" :")), *(_figure_row(facts, given[code], period) for code in mine)]
    headers = ("Chỉ tiêu", "Mục tiêu", "Tỷ lệ", "Kết quả", "Thay đổi", "Ghi chú, minh chứng")
    return Table(
        caption=f"Số liệu {period.label} so với kỳ trước",
        columns=columns(*headers, numbers=("Mục tiêu", "Thay đổi"), wide=(headers[0], headers[-1])),
        rows=tuple(rows),
    )


def _figure_row(facts: SiteFacts, figure: UnitFigure, period: Period) -> Row:
    known = facts.plan.figure_by_code[figure.code].of(figure.unit)
    before = _before(facts, figure, period)
    name = Cell(f"{figure.code}  {known.name}") if known.is_headline else Cell(known.name, note=figure.code)
    counts = f"{count_text(figure.numerator)}/{count_text(figure.denominator)}" if figure.denominator else ""
    ratio, bar = "", None
    if figure.ratio_pct is not None:
        ratio = percent_text(figure.ratio_pct, bound(known))
        bar = Bar(figure.ratio_pct, known.target_pct, before, bool(figure.reached))
    return row(
        name,
        target_text(known),
        Cell(ratio, note=counts, bar=bar),
        outcome_cell(unit_outcome(figure)),
        change_text(_change(figure.ratio_pct, before, bound(known))),
        Cell(figure.note, note=figure.evidence),
    )


def _change(now: float | None, before: float | None, target_pct: float) -> float | None:
    return None if now is None or before is None else shown_change(now, before, target_pct)


def _before(facts: SiteFacts, figure: UnitFigure, period: Period) -> float | None:
    """The ratio in the period before; none where it was counted otherwise: a month's own FLOW and the whole time's."""
    is_flow = facts.plan.figure_by_code[figure.code].kind is IndicatorKind.FLOW
    if is_flow and facts.plan.form_of(period).kind is FormKind.FINAL:
        return None
    return facts.data.ratio(figure.unit, period.previous, figure.code)


def task_table(facts: SiteFacts, unit: str, period: Period) -> Table:
    """How the unit stands on its tasks."""
    names = {one.code: one.verbatim for one in facts.plan.tasks}
    headers = ("Nhiệm vụ", "Chủ trì", "Hạn", "Trạng thái", "Tiến độ", "Sản phẩm")
    return Table(
        caption=f"Nhiệm vụ, {period.label}",
        columns=columns(*headers, numbers=["Tiến độ"], texts=["Chủ trì", "Sản phẩm"], wide=["Nhiệm vụ"]),
        rows=tuple(
            row(
                Cell(names.get(one.code, one.code), note=one.code),
                one.lead,
                date_text(one.due_date) if one.due_date else "",
                _status(one),
                "" if one.progress_pct is None else percent_text(one.progress_pct),
                Cell(one.product, note=one.note),
            )
            for one in facts.data.tasks.get(UnitMonth(unit, period), [])
        ),
    )


def _status(task: UnitTask) -> Cell:
    text = task.status.value if task.status else NO_DATA
    if task.is_overdue:
        return Cell(f"{text} (quá hạn)", mood="bad")
    return Cell(text, mood="good" if task.status is TaskStatus.DONE else "")


def difficulty_table(facts: SiteFacts, unit: str, period: Period) -> Table:
    """What blocks the unit, and what it asks for."""
    headers = ("Khó khăn", "Nguyên nhân", "Kiến nghị", "Cơ quan giải quyết", "Từ kỳ")
    return Table(
        caption=f"Khó khăn, kiến nghị, {period.label}",
        columns=columns(*headers, texts=(headers[1], headers[3]), wide=(headers[0], headers[2])),
        rows=tuple(
            row(
                Cell(one.difficulty, note="Vượt thẩm quyền của đơn vị" if one.is_beyond_authority else ""),
                one.cause,
                one.proposal,
                one.settled_by,
                one.since.short if one.since else "",
            )
            for one in facts.data.difficulties.get(UnitMonth(unit, period), [])
        ),
        empty="Đơn vị không nêu khó khăn nào.",
    )
