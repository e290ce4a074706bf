"""Whose figures a figure of the whole rests on, said wherever its verdict is said.

A unit without an accepted report in the period is in a STOCK figure by its last value (unless the plan excludes it),
and in a FLOW figure not at all.
"""

from collections.abc import Iterable, Sequence

from baocao.domain.planned.indicator import bound
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import enumeration, percent_text
from baocao.narrative.phrases import padded, unit_names

_NAMED = 3


def coverage_note(figure: FigureResult, names: dict[str, str]) -> str:
    """``gồm số liệu 09/2022 của Sở A; chưa gồm Sở B``; empty where the figure rests on this period of all units."""
    by_period: dict[Period, list[str]] = {}
    for unit, since in figure.carried:
        by_period.setdefault(since, []).append(unit)
    parts = [f"gồm số liệu {since.short} của {_few(by_period[since], names)}" for since in sorted(by_period)]
    if figure.absent:
        parts.append(f"chưa gồm {_few(figure.absent, names)}")
    return "; ".join(parts)


def comparison_note(figure: FigureResult) -> str:
    """That a change leaves out units, and from where to where it leads if not to the ratio; empty where it does not."""
    if figure.comparison is None or not figure.comparison.is_partial or figure.change_points is None:
        return ""
    text = "thay đổi chỉ tính các đơn vị có số liệu cả hai kỳ"
    if figure.comparison.now_pct == figure.ratio_pct:
        return text
    return f"{text}, từ {percent_text(figure.before_pct, bound(figure))} đến {compared_text(figure)}"


def scope_note(figure: FigureResult, names: dict[str, str]) -> str:
    """Both notes, for one line of a table or a mail."""
    return "; ".join(note for note in (coverage_note(figure, names), comparison_note(figure)) if note)


def silent_names(report: Document) -> list[str]:
    """The units without an accepted report in the period."""
    return [standing.name for standing in report.standings if standing.state is not UnitState.ACCEPTED]


def uncounted(report: ResultsDocument) -> str:
    """`` (chưa gồm Sở A)``: what a count of the figures lacks; empty where it lacks nothing.

    Of a unit whose last values count on, only what happened in the period is left out.
    """
    known = _carried(report)
    silent = [standing for standing in report.standings if standing.state is not UnitState.ACCEPTED]
    never = [one.name for one in silent if one.unit not in known]
    partly = [one.name for one in silent if one.unit in known]
    parts = [f"chưa gồm {unit_names(never)}"] if never else []
    parts += [f"chưa gồm {unit_names(partly)} ở số trong kỳ"] if partly else []
    return f" ({'; '.join(parts)})" if parts else ""


def compared_text(figure: FigureResult) -> str:
    """The ratio at which a change ends: of the units that are in both periods."""
    now = figure.comparison.now_pct if figure.comparison else figure.ratio_pct
    return percent_text(now, bound(figure))


def is_partly_compared(report: ResultsDocument) -> bool:
    """Whether any change leaves out units that are in one of the two periods only."""
    return any(comparison_note(figure) for figure in report.figures)


def coverage_clauses(report: ResultsDocument, figures: Iterable[FigureResult]) -> tuple[str, ...]:
    """``A1, A2 gồm số liệu 09/2022 của Sở A``: the notes of some figures, each said once with its codes."""
    names = report.names_of_units
    codes: dict[str, list[str]] = {}
    for figure in figures:
        if note := coverage_note(figure, names):
            codes.setdefault(note, []).append(figure.code)
    return tuple(f"{', '.join(mine)} {note}" for note, mine in codes.items())


def silent_clause(report: Document) -> str:
    """What is done about the units without a report, as the end of a sentence; empty where there are none."""
    silent = [standing for standing in report.standings if standing.state is not UnitState.ACCEPTED]
    if not silent:
        return ""
    known = _carried(report)
    never = [standing.name for standing in silent if standing.unit not in known]
    parts = [f", chưa gồm số liệu của {unit_names(never)}"] if never else []
    carried = [standing for standing in silent if standing.unit in known]
    if carried:
        when = " và ".join(f"{since.short}" for since in sorted({known[one.unit] for one in carried}))
        parts.append(
            f"; chưa có báo cáo kỳ này của {unit_names([one.name for one in carried])}: số tại ngày chốt lấy theo báo "
            f"cáo gần nhất ({when}), số trong kỳ chưa gồm"
        )
    return "".join(parts)


def set_aside_clause(report: Document) -> str:
    """Which figures of accepted reports are in no sum, as a sentence after another; empty where there are none."""
    codes: dict[str, list[str]] = {}
    for figure in report.set_aside:
        codes.setdefault(report.unit_name(figure.unit), []).append(figure.code)
    if not codes:
        return ""
    which = enumeration([f"{enumeration(mine)} của {name}" for name, mine in codes.items()])
    return f" Chưa cộng {which} vì số liệu gửi không thể có, chờ đơn vị sửa."


def _carried(report: Document) -> dict[str, Period]:
    return {unit: since for figure in report.figures for unit, since in figure.carried}


def _few(units: Sequence[str], names: dict[str, str]) -> str:
    if len(units) > _NAMED:
        return f"{padded(len(units))} đơn vị"
    return unit_names([names.get(unit, unit) for unit in units])
