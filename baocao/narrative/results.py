"""Kết quả: the paragraphs on what was reached, what moved and how the tasks stand."""

from collections.abc import Sequence

from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.outcome import (
    Outcome,
    direction,
    is_separate,
    measured,
    met_before_and_now,
    outcome,
    ratio_text,
    target_text,
)
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import enumeration, percent_text, points_text
from baocao.narrative.coverage import (
    compared_text,
    comparison_note,
    coverage_clauses,
    is_partly_compared,
    set_aside_clause,
    silent_clause,
    silent_names,
    uncounted,
)
from baocao.narrative.phrases import bare, lower_first, out_of, padded, sentence, unit_names

_MOVERS = 2
_TOWARDS = {"tăng": "lên", "giảm": "còn"}
NO_FIGURES = "Chưa có báo cáo nào của đơn vị được chấp nhận nên chưa tổng hợp được số liệu."


def named(figure: FigureResult) -> str:
    """An indicator within a sentence: ``công chức được gắn định danh số (B1)``."""
    return f"{lower_first(bare(figure.name))} ({figure.code})"


def named_alone(report: ResultsDocument, figure: FigureResult) -> str:
    """An indicator, or a component with the indicator that it belongs to."""
    if figure.is_headline:
        return named(figure)
    whole = next((other for other in report.figures if other.code == figure.indicator), figure)
    return f"thành phần “{bare(figure.name)}” của chỉ tiêu {lower_first(bare(whole.name))} ({figure.code})"


def of_outcome(report: ResultsDocument, wanted: Outcome) -> tuple[FigureResult, ...]:
    """The headlines that stand so, in the plan's order."""
    return tuple(figure for figure in report.headlines if outcome(report, figure) is wanted)


def accepted_units(report: Document) -> list[str]:
    """The names of the units whose figures are in the report."""
    return [standing.name for standing in report.standings if standing.state is UnitState.ACCEPTED]


def result_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """Indicators: the whole, each group, what moved, what adds up since the beginning."""
    if not accepted_units(report):
        return (NO_FIGURES,)
    groups = (_group(report, key, name) for key, name in report.indicator_groups.items())
    made_of = f"{coverage(report)} {covers(report)}".rstrip()
    rests_on = "; ".join(coverage_clauses(report, report.headlines))
    paragraphs = (made_of, *groups, rests_on and f"{rests_on}.", _movement(report), _cumulative(report))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def coverage(report: Document) -> str:
    """Whose figures are in the report, and whose are not."""
    accepted = accepted_units(report)
    whole = len(report.standings)
    made_of = f"Số liệu được tổng hợp từ báo cáo của {out_of(len(accepted), whole, 'đơn vị')}"
    return f"{made_of}{silent_clause(report)}.{set_aside_clause(report)}"


def covers(report: ResultsDocument) -> str:
    """What the ratios cover, said once for all that follows."""
    flow = "lũy kế từ đầu" if report.looks_back else "trong kỳ"
    codes = [figure.code for figure in report.headlines if figure.kind is IndicatorKind.FLOW]
    return f"Tỷ lệ của {enumeration(codes)} tính {flow}, các tỷ lệ khác tính tại ngày chốt." if codes else ""


def overall_counts(report: ResultsDocument) -> str:
    """``09/15 chỉ tiêu đạt mục tiêu, 05 chỉ tiêu chưa đạt, 01 chỉ tiêu không phát sinh``; or that none was asked."""
    whole = len(report.headlines)
    if not whole:
        return "kỳ này không hỏi chỉ tiêu nào"
    reached = len(of_outcome(report, Outcome.REACHED))
    parts = [f"{out_of(reached, whole, 'chỉ tiêu')} đạt mục tiêu" if reached else "chưa có chỉ tiêu nào đạt mục tiêu"]
    others = (
        (Outcome.MISSED, "chưa đạt"),
        (Outcome.NOT_APPLICABLE, "không phát sinh"),
        (Outcome.NO_DATA, "chưa có số liệu"),
    )
    for wanted, words in others:
        if count := len(of_outcome(report, wanted)):
            parts.append(f"{padded(count)} chỉ tiêu {words}")
    return ", ".join(parts)


def overall(report: ResultsDocument) -> str:
    """How many indicators stand how, without whom, and how many more than in the month before."""
    return sentence(f"Toàn {report.phase}: {overall_counts(report)}{uncounted(report)}{_gained(report)}")


def without(report: ResultsDocument) -> str:
    """`` (chưa gồm Sở A)``: beside a count that knows a period's reports only; empty where no unit is missing."""
    silent = silent_names(report)
    return f" (chưa gồm {unit_names(silent)})" if silent else ""


def _gained(report: ResultsDocument) -> str:
    known = [pair for figure in report.headlines if (pair := met_before_and_now(report, figure)) is not None]
    if not known:
        return ""
    before, now = sum(was for was, _ in known), sum(now for _, now in known)
    verb = "tăng" if now > before else "giảm"
    moved = f"{verb} {padded(abs(now - before))} so với tháng trước, từ {padded(before)} {_TOWARDS[verb]} {padded(now)}"
    if now == before:
        is_other = now != len(of_outcome(report, Outcome.REACHED))
        moved = f"không đổi so với tháng trước{f', cùng là {padded(now)}' if is_other else ''}"
    among = ", tính trên các đơn vị có số liệu cả hai tháng" if is_partly_compared(report) else ""
    return f"; số chỉ tiêu đạt {moved}{among}"


def _group(report: ResultsDocument, key: str, name: str) -> str:
    mine = [figure for figure in report.headlines if report.indicator_group_of.get(figure.indicator) == key]
    if not mine:
        return ""
    by_outcome = {kind: [figure for figure in mine if outcome(report, figure) is kind] for kind in Outcome}
    reached, missed = by_outcome[Outcome.REACHED], by_outcome[Outcome.MISSED]
    count = f"{out_of(len(reached), len(mine), 'chỉ tiêu')} đạt" if reached else "chưa có chỉ tiêu nào đạt"
    parts = [f"{name.rstrip(' :')}: {count}"]
    if reached:
        parts.append(f"Đã đạt: {'; '.join(reached_phrase(report, figure) for figure in reached)}")
    if missed:
        parts.append(f"Chưa đạt: {'; '.join(missed_phrase(report, figure) for figure in missed)}")
    others = (Outcome.NOT_APPLICABLE, Outcome.NO_DATA)
    parts += [f"{kind.value}: {'; '.join(map(named, by_outcome[kind]))}" for kind in others if by_outcome[kind]]
    return ". ".join(parts) + "."


def reached_phrase(report: ResultsDocument, figure: FigureResult) -> str:
    """``X (A1) 100%``; by components where there is no headline ratio."""
    joint = " " if measured(report, figure) == (figure,) else ", "
    return f"{named(figure)}{joint}{_values(report, figure)}"


def missed_phrase(report: ResultsDocument, figure: FigureResult) -> str:
    """``X (A3) 54,3% (mục tiêu 60%)``; by components where there is no headline ratio."""
    target = target_text(figure)
    if measured(report, figure) != (figure,):
        return f"{named(figure)}, mục tiêu {target}, {_values(report, figure)}"
    return f"{named(figure)} {_values(report, figure)} (mục tiêu {target})"


def scope_word(report: ResultsDocument, figure: FigureResult) -> str:
    """What a ratio covers: a FLOW figure the period or the whole time, a STOCK figure the cut-off day."""
    if figure.kind is IndicatorKind.STOCK:
        return "tại ngày chốt"
    return "lũy kế" if report.looks_back else "trong kỳ"


def _values(report: ResultsDocument, figure: FigureResult) -> str:
    parts = measured(report, figure)
    if parts == (figure,):
        covers = f" {scope_word(report, figure)}" if figure.kind is IndicatorKind.FLOW else ""
        return f"{ratio_text(figure)}{covers}"
    by = "ước theo thành phần" if figure.is_estimated else "trong đó"
    return f"{by} {', '.join(f'{lower_first(part.name)} {lower_first(ratio_text(part))}' for part in parts)}"


def _movement(report: ResultsDocument) -> str:
    parts = [part for figure in report.headlines for part in measured(report, figure)]
    compared = [part for part in parts if part.change_points is not None]
    if not compared:
        is_first = report.period == Period.of(report.pilot.start)
        return (
            "Đây là kỳ báo cáo đầu tiên nên chưa có số liệu để so sánh."
            if is_first
            else "Kỳ trước chưa có số liệu để so sánh."
        )
    ups = sorted((p for p in compared if direction(p.change_points) > 0), key=lambda p: -(p.change_points or 0))
    downs = sorted((p for p in compared if direction(p.change_points) < 0), key=lambda p: p.change_points or 0)
    if not ups and not downs:
        return "So với tháng trước, các tỷ lệ không thay đổi."
    same = len(compared) - len(ups) - len(downs)
    clauses = (
        _movers(report, ups, "tăng"),
        _movers(report, downs, "giảm") or "không có tỷ lệ nào giảm",
        f"{padded(same)} tỷ lệ không đổi" if same else "",
    )
    apart = [figure.code for figure in report.headlines if is_separate(figure)]
    by_parts = f" ({enumeration(apart)} tính theo từng thành phần)" if apart else ""
    moves = " ".join(sentence(clause) for clause in clauses if clause)
    return f"So với tháng trước{by_parts}, {moves}{_compared_among(report)}{_held_over(report)}"


def _compared_among(report: ResultsDocument) -> str:
    """Which changes leave out units: a STOCK figure that holds a unit's last value leaves out none."""
    kinds = {figure.kind for figure in report.figures if comparison_note(figure)}
    if not kinds:
        return ""
    which = " tỷ lệ trong kỳ" if kinds == {IndicatorKind.FLOW} and not report.looks_back else ""
    return f" So sánh{which} chỉ tính các đơn vị có số liệu cả hai tháng."


def _held_over(report: ResultsDocument) -> str:
    """That a unit is back whose last value stood in the month before: its part of a STOCK change is of more months."""
    missing = next((point.missing for point in report.timeliness if point.period.next == report.period), 0)
    back = missing - len(silent_names(report))
    is_held = any(f.kind is IndicatorKind.STOCK and f.comparison and not comparison_note(f) for f in report.figures)
    if back < 1 or not is_held or report.looks_back:
        return ""
    return (
        f" Tháng trước không có báo cáo của {padded(back)} đơn vị nên thay đổi của tỷ lệ tại ngày chốt gồm kết quả từ "
        "hai tháng trở lên của đơn vị đó."
    )


def _movers(report: ResultsDocument, parts: Sequence[FigureResult], verb: str) -> str:
    if not parts:
        return ""
    names = [part.code if part.is_headline else named_alone(report, part) for part in parts[:_MOVERS]]
    shown = [
        f"{name} {verb} {points_text(part.change_points or 0)}, {_TOWARDS[verb]} {compared_text(part)}"
        for name, part in zip(names, parts, strict=False)
    ]
    most = ", nhiều nhất là" if len(parts) > _MOVERS else ""
    return f"{padded(len(parts))} tỷ lệ {verb}{most}: {'; '.join(shown)}"


def _cumulative(report: ResultsDocument) -> str:
    if report.period == Period.of(report.pilot.start):
        return ""
    flows = [figure for figure in report.headlines if figure.kind is IndicatorKind.FLOW and not figure.is_estimated]
    shown = [text for figure in flows if (text := _cumulative_of(report, figure))]
    return f"Lũy kế từ đầu {report.phase}{_unsummed(report)}: {'; '.join(shown)}." if shown else ""


def _unsummed(report: ResultsDocument) -> str:
    """Of which months a unit's numbers are in no cumulative sum, because it did not report them."""
    gaps = [point for point in report.timeliness if point.missing and point.period <= report.period]
    shown = [f"{point.period.short} của {padded(point.missing)} đơn vị" for point in gaps]
    return f" (không có số tháng {enumeration(shown)} chưa báo cáo)" if shown else ""


def _cumulative_of(report: ResultsDocument, figure: FigureResult) -> str:
    known = [part for part in measured(report, figure) if part.cumulative_ratio_pct is not None]
    return "; ".join(f"{part.code} {percent_text(part.cumulative_ratio_pct, bound(part))}" for part in known)


def units_text(report: Document, codes: Sequence[str]) -> str:
    """Units by name; all of them are «cả 03 đơn vị»."""
    whole = len(report.standings)
    if len(codes) == whole and whole > 2:
        return out_of(whole, whole, "đơn vị")
    return unit_names([report.unit_name(code) for code in codes])
