"""Từ đầu đến cuối: each indicator in the first month, in the last one and for the whole time, and why they differ."""

from collections.abc import Sequence

from baocao.domain.planned.indicator import Direction, IndicatorKind, bound
from baocao.domain.reported.assessment import FinalAssessment, FinalResult
from baocao.domain.reported.outcome import direction, measured, target_text
from baocao.domain.reported.progress import FigureResult, TrendPoint
from baocao.domain.wording import NO_DATA, enumeration, percent_text
from baocao.narrative.phrases import out_of, padded, sentence
from baocao.narrative.story import Column, Table, TableRow

CAPTION = "Đối chiếu tháng đầu, tháng cuối và kết quả tổng kết"
_FLOW = "số các tháng tính trong kỳ; tổng kết tính lũy kế"
_STOCK = "đơn vị chốt lại số liệu khi tổng kết"
_NOTE = "Tháng đầu, tháng cuối lấy theo báo cáo tháng; thay đổi chỉ nêu ở lời văn khi cùng một cách tính."


def course_table(report: FinalAssessment) -> Table:
    """One row for each ratio; no rows where no month was reported."""
    months = sorted({point.period for point in report.trend if point.ratio_pct is not None})
    if not months:
        return Table((), (), nothing="")
    first, last = months[0], months[-1]
    columns = (
        Column("Mã", "ma", 16, "center"),
        Column("Chỉ tiêu", "ten"),
        Column("Mục tiêu", "muc_tieu", 20, "center"),
        Column(f"Tháng đầu ({first.short})", "dau", 24, "right"),
        Column(f"Tháng cuối ({last.short})", "cuoi", 40, "center"),
        Column("Tổng kết", "tong_ket", 40, "center"),
        Column("Vì sao khác", "vi_sao", 56),
    )
    rows = [_row(part, first=_at(report, part, 0), last=_at(report, part, -1)) for part in _parts(report)]
    return Table(columns, rows, caption=CAPTION, note=_NOTE)


def _parts(report: FinalAssessment) -> list[FigureResult]:
    return [part for figure in report.headlines for part in measured(report, figure)]


def _at(report: FinalAssessment, figure: FigureResult, place: int) -> TrendPoint | None:
    """The figure in the first (0) or the last (-1) month that was reported at all."""
    months = sorted({point.period for point in report.trend if point.ratio_pct is not None})
    points = {point.period: point for point in report.trend if point.code == figure.code}
    return points.get(months[place]) if months else None


def _row(figure: FigureResult, *, first: TrendPoint | None, last: TrendPoint | None) -> TableRow:
    now = percent_text(figure.ratio_pct, bound(figure)) if figure.denominator is not None else NO_DATA
    covers = "lũy kế" if figure.kind is IndicatorKind.FLOW else "tại ngày chốt"
    before = _month_text(last, figure)
    is_same = last is not None and last.ratio_pct is not None and now == percent_text(last.ratio_pct, bound(figure))
    return {
        "ma": figure.code,
        "ten": figure.name,
        "muc_tieu": target_text(figure),
        "dau": _month_text(first, figure, with_verdict=False),
        "cuoi": before,
        "tong_ket": f"{now} {covers}{_verdict(figure.reached)}" if figure.ratio_pct is not None else now,
        "vi_sao": "" if is_same or last is None else _FLOW if figure.kind is IndicatorKind.FLOW else _STOCK,
    }


def _month_text(point: TrendPoint | None, figure: FigureResult, *, with_verdict: bool = True) -> str:
    if point is None or point.ratio_pct is None:
        return NO_DATA
    verdict = _verdict(_is_met(point, figure)) if with_verdict else ""
    return f"{percent_text(point.ratio_pct, bound(figure))}{verdict}"


def _is_met(point: TrendPoint, figure: FigureResult) -> bool:
    ratio = point.ratio_pct or 0.0
    return ratio <= point.target_pct if figure.direction is Direction.LOWER else ratio >= point.target_pct


def _verdict(reached: bool | None) -> str:
    return "" if reached is None else " – Đạt" if reached else " – Chưa đạt"


def bridge(report: FinalAssessment) -> str:
    """How many were reached in the last month and at the end, and where the verdict differs; empty without months."""
    known = {one.code: _last_verdict(report, one) for one in report.headlines}
    if not any(verdict is not None for verdict in known.values()):
        return ""
    last = max(point.period for point in report.trend if point.ratio_pct is not None)
    before = sum(verdict is True for verdict in known.values())
    results = report.results
    now = sum(result is FinalResult.REACHED for result in results.values())
    other = [
        code
        for code, was in known.items()
        if was is not None and results[code] is not None and was is not (results[code] is FinalResult.REACHED)
    ]
    text = f"Báo cáo {last.label} có {out_of(before, len(known), 'chỉ tiêu')} đạt, tổng kết có {padded(now)}"
    if other:
        text += f"; khác nhau ở {', ở '.join(_reasons(report, other))}"
    return sentence(f"{text}; đối chiếu từng chỉ tiêu tại Phụ lục I")


def _reasons(report: FinalAssessment, codes: Sequence[str]) -> list[str]:
    """``A3 vì tổng kết tính lũy kế``: the indicators whose verdicts differ, by why they do."""
    flows = {one.indicator for one in report.figures if one.kind is IndicatorKind.FLOW}
    words = ((True, "tổng kết tính lũy kế"), (False, "đơn vị chốt lại số liệu"))
    parted = ((why, [code for code in codes if (code in flows) is is_flow]) for is_flow, why in words)
    return [f"{enumeration(some)} vì {why}" for why, some in parted if some]


def _last_verdict(report: FinalAssessment, figure: FigureResult) -> bool | None:
    points = [_at(report, part, -1) for part in measured(report, figure)]
    known = [_is_met(point, figure) for point in points if point and point.ratio_pct is not None]
    return all(known) if known else None


def course_line(report: FinalAssessment) -> str:
    """How many ratios rose and fell from the first month to the last, month against month; empty without two months."""
    pairs = [(_at(report, part, 0), _at(report, part, -1)) for part in _parts(report)]
    moved = [
        last.ratio_pct - first.ratio_pct
        for first, last in pairs
        if first
        and last
        and first.period != last.period
        and None not in (first.ratio_pct, last.ratio_pct)
        and first.ratio_pct is not None
        and last.ratio_pct is not None
    ]
    if not moved:
        return ""
    ways = {direction(one) for one in moved}
    if len(moved) > 1 and ways in ({1}, {-1}):
        word = "tăng" if ways == {1} else "giảm"
        return f"Từ tháng đầu đến tháng cuối, cả {padded(len(moved))} tỷ lệ so sánh được đều {word}."
    return f"Từ tháng đầu đến tháng cuối, trong {padded(len(moved))} tỷ lệ so sánh được, {_moves(moved)}."


def _moves(points: Sequence[float]) -> str:
    ups, downs = (sum(direction(one) == sign for one in points) for sign in (1, -1))
    parts = [f"{padded(count)} tỷ lệ {word}" for count, word in ((ups, "tăng"), (downs, "giảm")) if count]
    return ", ".join(parts) or "không có tỷ lệ nào thay đổi"
