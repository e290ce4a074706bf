"""Đính chính: what a report says differently from the version published before."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.reported.document import Document, EarlierRestatement, Restatement
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import NO_DATA, count_text, percent_text
from baocao.store.reports import ReportRecord


def restatements(report: Document, published: ReportRecord | None, reason: str = "") -> tuple[Restatement, ...]:
    """The consolidated figures that changed since the published version, in the plan's order, and why."""
    return () if published is None else changes(published.figures, report.figures, reason)


def earlier_restatements(
    versions: Mapping[Period, Sequence[ReportRecord]], zone: tzinfo
) -> tuple[EarlierRestatement, ...]:
    """The periods of which more than one version was published: what the first one said against the last one."""
    return tuple(
        EarlierRestatement(
            period=period,
            version=records[-1].version,
            published_at=(records[-1].sent_at or records[-1].made_at).astimezone(zone),
            reason=records[-1].restatement_reason or "",
            changes=changes(records[0].figures, records[-1].figures),
        )
        for period, records in sorted(versions.items())
        if len(records) > 1
    )


def changes(
    published: Sequence[FigureResult], now: Sequence[FigureResult], reason: str = ""
) -> tuple[Restatement, ...]:
    """The figures whose counts differ between two versions, in the order of the later one, each with what differs."""
    before = {figure.code: figure for figure in published}
    pairs = ((before[figure.code], figure) for figure in now if figure.code in before)
    return tuple(_change(old, new, reason) for old, new in pairs if _counts(old) != _counts(new))


def _change(old: FigureResult, new: FigureResult, reason: str) -> Restatement:
    """What the period's counts were and are; the cumulative ones where those alone differ, or differ otherwise."""
    shown = []
    if _in_period(old) != _in_period(new):
        shown.append(_period_text)
    if _cumulative(old) != _cumulative(new) and not (_is_all(old) and _is_all(new)):
        shown.append(_cumulative_text)
    published, corrected = ("; ".join(text(figure) for text in shown) for figure in (old, new))
    return Restatement(code=new.code, name=new.name, published=published, corrected=corrected, reason=reason)


def _counts(figure: FigureResult) -> tuple[object, ...]:
    return *_in_period(figure), *_cumulative(figure)


def _in_period(figure: FigureResult) -> tuple[object, ...]:
    return figure.numerator, figure.denominator


def _cumulative(figure: FigureResult) -> tuple[object, ...]:
    return figure.cumulative_numerator, figure.cumulative_denominator


def _is_all(figure: FigureResult) -> bool:
    """Whether the cumulative counts are the period's own, so that one of both says it."""
    return _in_period(figure) == _cumulative(figure)


def _period_text(figure: FigureResult) -> str:
    return _text(figure.numerator, figure.denominator, figure.ratio_pct, bound(figure))


def _cumulative_text(figure: FigureResult) -> str:
    what = "lũy kế" if figure.kind is IndicatorKind.FLOW else "theo số liệu gần nhất của mọi đơn vị"
    counts = figure.cumulative_numerator, figure.cumulative_denominator
    return f"{what} {_text(*counts, figure.cumulative_ratio_pct, bound(figure))}"


def _text(numerator: float | None, denominator: float | None, ratio: float | None, target: float) -> str:
    if denominator is None:
        return NO_DATA
    return f"{count_text(numerator)}/{count_text(denominator)} ({percent_text(ratio, target)})"
