"""«Tổng hợp»: the figures of the whole pilot, as sums that follow the units' sheet."""

from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.reported.outcome import is_separate, outcome
from baocao.domain.reported.progress import FigureResult, UnitFigure
from baocao.domain.reported.report import Report
from baocao.narrative.coverage import scope_note
from baocao.render.xlsx.book import HEADER_ROW, Book
from baocao.render.xlsx.live import live_change, live_ratio, live_sum
from baocao.render.xlsx.style import Column, Formula, Kind, Value, counted_columns, percent, target
from baocao.render.xlsx.units import count_sums

_KINDS = {IndicatorKind.STOCK: "Số thời điểm", IndicatorKind.FLOW: "Số trong kỳ"}


def write_totals(book: Book[Report]) -> None:
    """«Tổng hợp»: every indicator and component of the whole pilot; headlines in bold."""
    report = book.report
    columns = (
        Column("Mã", 7, Kind.CENTER),
        Column("Chỉ tiêu", 44),
        Column("Nhóm", 7, Kind.CENTER),
        Column("Loại số liệu", 13, Kind.CENTER),
        *counted_columns(9),
        Column("Tháng trước", 9, Kind.PERCENT),
        Column("Thay đổi (điểm phần trăm)", 10, Kind.POINTS),
        Column("Lũy kế: tử số", 10, Kind.COUNT),
        Column("Lũy kế: mẫu số", 10, Kind.COUNT),
        Column("Lũy kế: tỷ lệ", 9, Kind.PERCENT),
        Column("Kết quả", 16, Kind.CENTER),
        Column("Số đơn vị báo cáo", 10, Kind.COUNT),
        Column("Số đơn vị đạt", 9, Kind.COUNT),
        Column("Số đơn vị không phát sinh", 12, Kind.COUNT),
        Column("Phạm vi số liệu", 40),
    )
    sums = count_sums(report)
    known = grouped((*report.unit_figures, *report.carried_figures), lambda one: one.code)
    rows = (
        (_total_row(report, figure, number, _summed(figure, sums, known)), figure.is_headline)
        for number, figure in enumerate(report.figures, start=HEADER_ROW + 1)
    )
    title = f"Kết quả các chỉ tiêu {report.period.label}"
    book.table("Tổng hợp", columns, title, rows, len(report.figures), "Không có chỉ tiêu.")


def _total_row(report: Report, figure: FigureResult, number: int, counts: tuple[Value, Value]) -> list[Value]:
    has_units = not is_separate(figure)
    ratio = live_ratio((f"F{number}", f"G{number}"), _counts(figure), figure.ratio_pct, bound(figure))
    is_whole = figure.comparison is not None and not figure.comparison.is_partial
    ratios = (figure.ratio_pct if is_whole and isinstance(ratio, Formula) else None, figure.before_pct)
    return [
        figure.code,
        figure.name,
        report.indicator_group_of.get(figure.indicator, ""),
        _KINDS[figure.kind],
        target(figure),
        *counts,
        ratio,
        percent(figure.before_pct, bound(figure)),
        live_change((f"H{number}", f"I{number}"), ratios, figure.change_points),
        *_cumulative(figure, number),
        outcome(report, figure).value + (" (ước)" if figure.is_estimated else ""),
        figure.units_reported,
        figure.units_reached if has_units else None,
        figure.units_not_applicable if has_units else None,
        scope_note(figure, report.names_of_units),
    ]


def _counts(figure: FigureResult) -> tuple[float | None, float | None]:
    return figure.numerator, figure.denominator


def _summed(
    figure: FigureResult, sums: dict[str, tuple[str, str]], known: dict[str, list[UnitFigure]]
) -> tuple[Value, Value]:
    """Both counts as sums over the units' sheet; what counts on from earlier months is added as it is."""
    whole, carried = _counts(figure), {one.unit for one in figure.carried}
    if figure.code not in sums:
        return whole
    own = [one for one in known.get(figure.code, ()) if one.unit not in carried]
    kept = [one for one in known.get(figure.code, ()) if one.unit in carried]
    text = sums[figure.code]
    return (
        live_sum(text[0], [one.numerator for one in own], whole[0], sum(one.numerator or 0 for one in kept)),
        live_sum(text[1], [one.denominator for one in own], whole[1], sum(one.denominator or 0 for one in kept)),
    )


def _cumulative(figure: FigureResult, number: int) -> tuple[Value, Value, Value]:
    """What a FLOW figure adds up to from the first month on: this month's counts and those before it."""
    counts = figure.cumulative_numerator, figure.cumulative_denominator
    if figure.kind is not IndicatorKind.FLOW:
        return None, None, None
    first, second = (
        live_sum(f"{letter}{number}", [now], whole, (whole or 0) - (now or 0))
        for letter, now, whole in zip("FG", _counts(figure), counts, strict=True)
    )
    cells = f"K{number}", f"L{number}"
    return first, second, live_ratio(cells, counts, figure.cumulative_ratio_pct, bound(figure))
