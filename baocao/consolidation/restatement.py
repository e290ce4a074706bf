"""Đính chính: what a report says differently from the version published before."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from baocao.domain.assessment import FinalAssessment
from baocao.domain.document import Document, EarlierRestatement, Restatement
from baocao.domain.period import Period
from baocao.domain.progress import FigureResult
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
    """The figures whose counts differ between two versions, in the order of the later one."""
    before = {figure.code: figure for figure in published}
    return tuple(
        Restatement(
            code=figure.code,
            name=figure.name,
            published=_text(before[figure.code]),
            corrected=_text(figure),
            reason=reason,
        )
        for figure in now
        if figure.code in before and _counts(before[figure.code]) != _counts(figure)
    )


def _counts(figure: FigureResult) -> tuple[object, ...]:
    return figure.numerator, figure.denominator, figure.cumulative_numerator, figure.cumulative_denominator


def _text(figure: FigureResult) -> str:
    if figure.denominator is None:
        return NO_DATA
    counts = f"{count_text(figure.numerator)}/{count_text(figure.denominator)}"
    return f"{counts} ({percent_text(figure.ratio_pct, figure.target_pct)})"
