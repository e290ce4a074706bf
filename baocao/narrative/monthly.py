"""Lời văn của báo cáo: the sentences that the mail, the Word document and the PDF share."""

from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.document import Document
from baocao.domain.reported.report import Report, Restatement
from baocao.domain.reported.standing import tally
from baocao.domain.wording import enumeration, moment_text
from baocao.narrative.coverage import uncounted
from baocao.narrative.earlier import earlier_paragraphs
from baocao.narrative.front import front, task_line
from baocao.narrative.outlook import next_month_paragraphs, shortcoming_paragraphs
from baocao.narrative.phrases import bare, lower_first, out_of, padded, sentence, unit_names
from baocao.narrative.proposals import proposal_paragraphs
from baocao.narrative.results import (
    NO_FIGURES,
    accepted_units,
    overall,
    overall_counts,
    result_paragraphs,
)
from baocao.narrative.story import Section, Story
from baocao.narrative.tasks import task_paragraphs


def narrate_month(report: Report) -> Story:
    """The report of a month in Vietnamese prose."""
    return Story(
        subject=f"Kết quả triển khai {report.short_title} {report.period.label}",
        opening=_opening(report),
        headline=_headline(report),
        restated=restated_paragraphs(report),
        sections=(
            *front(report, _lines(report)),
            Section("I. KẾT QUẢ THỰC HIỆN"),
            Section(
                "1. Kết quả thực hiện các chỉ tiêu", (*result_paragraphs(report), *earlier_paragraphs(report)), level=2
            ),
            Section("2. Kết quả thực hiện nhiệm vụ", task_paragraphs(report), level=2),
            Section("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", shortcoming_paragraphs(report)),
            Section("III. NHIỆM VỤ THÁNG TỚI", next_month_paragraphs(report)),
            Section("IV. ĐỀ XUẤT, KIẾN NGHỊ", proposal_paragraphs(report)),
        ),
    )


def _lines(report: Report) -> tuple[str, str, str]:
    """Three lines of result: indicators, tasks, reporting."""
    indicators = overall(report) if accepted_units(report) else NO_FIGURES
    return indicators, task_line(report), sentence(f"Chế độ báo cáo: {reporting_clause(report)}")


def issuer_name(report: Document) -> str:
    """The issuing office as it reads within a sentence: a unit's own name where the issuer is a unit of the plan."""
    code = report.issuer.abbreviation
    name = report.unit_name(code)
    return name if name != code else report.issuer.name


def _opening(report: Report) -> str:
    return (
        f"Thực hiện {basis_clause(report)}, {issuer_name(report)} báo cáo kết quả triển khai {report.period.label}, "
        f"số liệu tổng hợp đến {moment_text(report.made_at)}, như sau:"
    )


def basis_clause(report: Document) -> str:
    """The plan with the number and date of its document; a blank to be filled in by hand where they are not known."""
    return f"{report.plan_title}, {report.basis_document or 'số ………… ngày ……/……/………'}"


def _headline(report: Report) -> str:
    correction = f" (đính chính lần {report.version - 1})" if report.is_restatement else ""
    period = f"{report.period.title}{correction}"
    if not accepted_units(report):
        return f"{period}: {lower_first(NO_FIGURES).rstrip('.')}; {reporting_clause(report)}."
    return f"{period}: {overall_counts(report)}{uncounted(report)}; {reporting_clause(report)}."


def reporting_clause(report: Document) -> str:
    """``02/03 đơn vị báo cáo đúng hạn, Sở X nộp quá hạn``: how the units reported."""
    whole = len(report.standings)
    on_time = tally(report.standings).on_time
    parts = [f"{out_of(on_time, whole, 'đơn vị')} báo cáo đúng hạn" if on_time else "không đơn vị nào báo cáo đúng hạn"]
    late = [s.name for s in report.standings if s.timeliness is Timeliness.LATE and s.state is UnitState.ACCEPTED]
    words = {
        UnitState.REJECTED: "bị trả lại",
        UnitState.QUARANTINED: "chờ xác minh",
        UnitState.MISSING: "chưa nộp",
    }
    if late:
        parts.append(f"{unit_names(late)} nộp quá hạn")
    for state, word in words.items():
        names = [standing.name for standing in report.standings if standing.state is state]
        if names:
            parts.append(f"{unit_names(names)} {word}")
    signed = [standing for standing in report.standings if standing.signed_by]
    parts += [f"{one.name} kèm văn bản ký số hợp lệ của {enumeration(one.signed_by)}" for one in signed]
    return ", ".join(parts) + _by_group(report)


def _by_group(report: Document) -> str:
    """`` (sở, ngành 14/14, xã, phường, đặc khu 05/06)``: how many of each group reported; empty where there is one."""
    groups = list(dict.fromkeys(standing.group for standing in report.standings))
    if len(groups) < 2:
        return ""
    told = []
    for group in groups:
        mine = [standing for standing in report.standings if standing.group == group]
        told.append(f"{group} {out_of(tally(mine).accepted, len(mine), '').strip()}")
    return f" (đã báo cáo: {'; '.join(told)})"


def restated_paragraphs(report: Document) -> tuple[str, ...]:
    """What a restatement corrects; empty for a first version."""
    if not report.is_restatement:
        return ()
    count = len(report.restatements)
    lead = f"Báo cáo này đính chính và thay thế báo cáo {report.period.label} đã phát hành (bản {report.version - 1})"
    if not count:
        return (f"{lead}; các tỷ lệ của toàn {report.phase} không thay đổi.",)
    return (f"{lead}; {padded(count)} số liệu thay đổi:", *(_restatement(item) for item in report.restatements))


def _restatement(item: Restatement) -> str:
    reason = f" (lý do: {bare(item.reason)})" if item.reason else ""
    return f"- {bare(item.name)} ({item.code}): đã công bố {item.published}, nay là {item.corrected}{reason}."
