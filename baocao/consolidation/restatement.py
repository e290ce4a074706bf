"""Đính chính: what a report says differently from the version published before."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from baocao.domain.assessment import FinalAssessment
from baocao.domain.document import Document, EarlierRestatement, Restatement
from baocao.domain.period import Period
from baocao.domain.progress import FigureResult, ratio_pct
from baocao.domain.report import Report
from baocao.domain.wording import NO_DATA, count_text, percent_text
from baocao.store.reports import ReportRecord


def figures_of(report: Document) -> tuple[FigureResult, ...]:
    """The consolidated figures of a report; an assignment report has none."""
    return report.figures if isinstance(report, Report | FinalAssessment) else ()


def restatements(report: Document, published: ReportRecord | None, reason: str = "") -> tuple[Restatement, ...]:
    """The consolidated figures that changed since the published version, in the plan's order, and why."""
    return () if published is None else changes(published.figures, figures_of(report), reason)


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
    """The figures whose counts differ between two versions, in the order of the later one.

    Each says what differs: the counts of the period, or else what is cumulative, which changes with an earlier period.
    """
    before = {figure.code: figure for figure in published}
    found = ((figure, _texts(before[figure.code], figure)) for figure in now if figure.code in before)
    return tuple(
        Restatement(code=figure.code, name=figure.name, published=texts[0], corrected=texts[1], reason=reason)
        for figure, texts in found
        if texts is not None
    )


_Counts = tuple[float | None, float | None]


def _texts(published: FigureResult, now: FigureResult) -> tuple[str, str] | None:
    for counts, what in ((_in_period, ""), (_cumulative, "lũy kế ")):
        if counts(published) != counts(now):
            return _text(what, published, counts(published)), _text(what, now, counts(now))
    return None


def _in_period(figure: FigureResult) -> _Counts:
    return figure.numerator, figure.denominator


def _cumulative(figure: FigureResult) -> _Counts:
    return figure.cumulative_numerator, figure.cumulative_denominator


def _text(what: str, figure: FigureResult, counts: _Counts) -> str:
    numerator, denominator = counts
    if denominator is None:
        return NO_DATA
    ratio = percent_text(ratio_pct(numerator, denominator), figure.target_pct)
    return f"{what}{count_text(numerator)}/{count_text(denominator)} ({ratio})"
