"""Lời văn về các kỳ trước: whose they were, which was corrected since, with what was published and what is right."""

from collections.abc import Iterator

from baocao.domain.reported.document import Document, EarlierRestatement
from baocao.domain.wording import date_text
from baocao.narrative.phrases import bare, padded

_SHOWN = 5


def earlier_paragraphs(report: Document) -> tuple[str, ...]:
    """Which units came, went and merged; one list per earlier period that was corrected. Empty where nothing did."""
    corrected = (line for earlier in report.earlier_restatements for line in _lines(report, earlier))
    return (*report.unit_changes, *corrected)


def _lines(report: Document, earlier: EarlierRestatement) -> Iterator[str]:
    reason = f"; lý do: {bare(earlier.reason)}" if earlier.reason else ""
    when = date_text(earlier.published_at.date())
    lead = f"Số liệu {earlier.period.label} đã được đính chính (bản {earlier.version}, ngày {when}{reason})"
    if not earlier.changes:
        yield f"{lead}; các tỷ lệ của toàn {report.phase} không thay đổi."
        return
    yield f"{lead}; {padded(len(earlier.changes))} số liệu thay đổi:"
    for item in earlier.changes[:_SHOWN]:
        yield f"- {bare(item.name)} ({item.code}): đã công bố {item.published}, nay là {item.corrected}."
    left = len(earlier.changes) - _SHOWN
    if left > 0:
        yield f"- Và {padded(left)} số liệu khác, xem báo cáo đính chính {earlier.period.label}."
