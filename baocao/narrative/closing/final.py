"""Tổng kết: the final assessment in words, from the results to the units' self-assessment."""

from collections.abc import Iterator, Sequence

from baocao.domain.grouping import grouped
from baocao.domain.reported.assessment import FinalAssessment, FinalResult, UnitReporting
from baocao.domain.reported.progress import TaskStatus
from baocao.domain.reported.standing import Tally, total
from baocao.domain.wording import date_text, enumeration, moment_text, percent_text
from baocao.narrative.closing.course import bridge, course_line
from baocao.narrative.closing.rollout import (
    final_asked,
    final_proposals,
    lesson_paragraphs,
    recommendation_paragraphs,
    shortcoming_paragraphs,
)
from baocao.narrative.earlier import earlier_paragraphs
from baocao.narrative.front import front, task_line
from baocao.narrative.monthly import basis_clause, issuer_name, reporting_clause, restated_paragraphs
from baocao.narrative.phrases import listed, out_of, padded, sentence
from baocao.narrative.results import (
    NO_FIGURES,
    accepted_units,
    coverage,
    covers,
    named,
    reached_phrase,
    without,
)
from baocao.narrative.story import Section, Story
from baocao.narrative.tasks import task_counts, unfinished

_UNITS = 12
_JUDGEMENTS = ((80, "hoàn thành mục tiêu"), (50, "hoàn thành một phần mục tiêu"), (0, "chưa hoàn thành mục tiêu"))
_WORDS = {
    FinalResult.MISSED: "chưa đạt",
    FinalResult.NOT_APPLICABLE: "không phát sinh",
    None: "chưa có số liệu",
}


def narrate_final(report: FinalAssessment) -> Story:
    """The final assessment in Vietnamese prose (the plan's section V.1)."""
    has_figures = bool(accepted_units(report))
    return Story(
        subject=f"Tổng kết, đánh giá kết quả {report.short_title}",
        headline=f"Kết thúc {report.phase}: {_key_clause(report)}; {reporting_clause(report)}.",
        opening=(
            f"Thực hiện {basis_clause(report)}, {issuer_name(report)} báo cáo tổng kết, đánh giá kết quả "
            f"{report.phase} từ ngày {date_text(report.pilot.start)} đến ngày {date_text(report.pilot.end)}, "
            f"số liệu tổng hợp đến {moment_text(report.made_at)}, như sau:"
        ),
        restated=restated_paragraphs(report),
        sections=(
            *front(report, _lines(report), final_asked(report, has_figures=has_figures)),
            Section(title="I. KẾT QUẢ THỰC HIỆN"),
            Section(title="1. Kết quả thực hiện các chỉ tiêu", paragraphs=_results(report), level=2),
            Section(title="2. Kết quả thực hiện nhiệm vụ", paragraphs=_tasks(report), level=2),
            Section(title="3. Thực hiện chế độ báo cáo hằng tháng", paragraphs=_reporting(report), level=2),
            Section(title="II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", paragraphs=shortcoming_paragraphs(report)),
            Section(title="III. BÀI HỌC KINH NGHIỆM", paragraphs=lesson_paragraphs(report)),
            Section(title="IV. ĐỀ XUẤT MÔ HÌNH NHÂN RỘNG", paragraphs=recommendation_paragraphs(report)),
            Section(title="V. KIẾN NGHỊ", paragraphs=final_proposals(report, has_figures=has_figures)),
        ),
    )


def _lines(report: FinalAssessment) -> tuple[str, ...]:
    """The sentences that are quoted: the judgement, the way there, the work."""
    if not accepted_units(report):
        return (NO_FIGURES,)
    return tuple(filter(None, (judgement(report), course_line(report) or _discipline(report), task_line(report))))


def _discipline(report: FinalAssessment) -> str:
    return sentence(f"Chế độ báo cáo tổng kết: {reporting_clause(report)}")


def judgement(report: FinalAssessment) -> str:
    """The whole judged by a stated rule: the share of the indicators that occurred and were reached."""
    results = [one for one in report.results.values() if one in (FinalResult.REACHED, FinalResult.MISSED)]
    counts = _counts(list(report.results.values()), "chỉ tiêu")
    if not results:
        return sentence(f"Kết thúc {report.phase}, {counts}{without(report)}")
    share = results.count(FinalResult.REACHED) * 100 / len(results)
    verdict = next(words for least, words in _JUDGEMENTS if share >= least)
    return sentence(
        f"Kết thúc {report.phase}, {counts}{without(report)}; đánh giá chung: {verdict} (quy ước tại Phụ lục I)"
    )


def judgement_rule(report: FinalAssessment) -> str:
    """How the whole is judged; stands below the annex of the figures."""
    return (
        "Quy ước đánh giá chung theo tỷ lệ chỉ tiêu đạt trong số chỉ tiêu có phát sinh: từ 80% là hoàn thành mục tiêu, "
        f"từ 50% đến dưới 80% là hoàn thành một phần, dưới 50% là chưa hoàn thành mục tiêu {report.phase}."
    )


def _key_clause(report: FinalAssessment) -> str:
    if not accepted_units(report):
        return "chưa có báo cáo tổng kết nào của đơn vị được chấp nhận"
    return f"{_counts(list(report.results.values()), 'chỉ tiêu')}, {_tasks_done(report)}"


def _counts(results: Sequence[FinalResult | None], noun: str) -> str:
    reached = results.count(FinalResult.REACHED)
    parts = [f"{out_of(reached, len(results), noun)} đạt mục tiêu" if reached else f"không có {noun} nào đạt mục tiêu"]
    parts += [f"{padded(results.count(kind))} {words}" for kind, words in _WORDS.items() if kind in results]
    return ", ".join(parts)


def _tasks_done(report: FinalAssessment) -> str:
    done, whole = tasks_done(report)
    return f"{padded(done)}/{padded(whole)} đầu việc hoàn thành" if whole else "chưa có đơn vị nào báo cáo nhiệm vụ"


def tasks_done(report: FinalAssessment) -> tuple[int, int]:
    """How many tasks of the units are done, of how many that occurred."""
    known = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    return sum(task.status is TaskStatus.DONE for task in known), len(known)


def _results(report: FinalAssessment) -> tuple[str, ...]:
    if not accepted_units(report):
        return (NO_FIGURES,)
    groups = (_group(report, key, name) for key, name in report.indicator_groups.items())
    made_of = f"{coverage(report)} {covers(report)}"
    return (*filter(None, (made_of, bridge(report), *groups)), *_by_unit(report), *_claims(report))


def _group(report: FinalAssessment, key: str, name: str) -> str:
    mine = [one for one in report.headlines if report.indicator_group_of.get(one.indicator) == key]
    if not mine:
        return ""
    parts = [f"{name.rstrip(' :')}: {_counts([report.results[one.code] for one in mine], 'chỉ tiêu')}"]
    if reached := [reached_phrase(report, one) for one in mine if report.results[one.code] is FinalResult.REACHED]:
        parts.append(f"Đạt: {'; '.join(reached)}")
    if missed := [one.code for one in mine if report.results[one.code] is FinalResult.MISSED]:
        parts.append(f"Chưa đạt (nêu tại mục II): {enumeration(missed)}")
    for rest, label in ((FinalResult.NOT_APPLICABLE, "Không phát sinh"), (None, "Chưa có số liệu")):
        if names := [named(one) for one in mine if report.results[one.code] is rest]:
            parts.append(f"{label}: {'; '.join(names)}")
    return ". ".join(parts) + "."


def _by_unit(report: FinalAssessment) -> Iterator[str]:
    by_unit = grouped(report.unit_assessments, lambda one: one.unit)
    yield "Số chỉ tiêu của từng đơn vị:"
    for unit, own in list(by_unit.items())[:_UNITS]:
        missed = [one.code for one in own if one.result is FinalResult.MISSED]
        codes = f" ({enumeration(missed)})" if missed else ""
        text = _counts([one.result for one in own], "chỉ tiêu").replace(" chưa đạt", f" chưa đạt{codes}", 1)
        yield f"- {report.unit_name(unit)}: {text}.".replace(" chỉ tiêu đạt mục tiêu", " đạt", 1)
    if len(by_unit) > _UNITS:
        yield f"- {padded(len(by_unit) - _UNITS)} đơn vị khác nêu tại Phụ lục II."


def _tasks(report: FinalAssessment) -> tuple[str, ...]:
    known = report.told_tasks
    if not known:
        return ("Chưa có đơn vị nào báo cáo kết quả thực hiện nhiệm vụ.",)
    units = [
        f"{report.unit_name(row.unit)} {padded(row.tasks_done)}/{padded(row.tasks)}"
        for row in report.reporting
        if row.tasks
    ]
    by_unit = f"Số đầu việc hoàn thành theo đơn vị: {listed(units, 'đơn vị', _UNITS)}." if units else ""
    return tuple(filter(None, (task_counts(report, known), by_unit, unfinished(report))))


def _reporting(report: FinalAssessment) -> tuple[str, ...]:
    rows = report.reporting
    months = len(report.timeliness)
    if not rows or not months:
        return ("Kế hoạch không có kỳ báo cáo hằng tháng.",)
    by_all = total(rows)
    lead = (
        f"Qua {padded(months)} kỳ báo cáo tháng, {padded(len(rows))} đơn vị phải gửi {padded(by_all.expected)} báo cáo"
        f"; {_accepted(by_all)}."
    )
    rest = [_unit_reporting(report, row) for row in rows if row.late or row.missing]
    broken = f"Đơn vị có kỳ nộp quá hạn hoặc không có báo cáo: {listed(rest, 'đơn vị')}." if rest else ""
    return (*filter(None, (lead, broken)), *earlier_paragraphs(report))


def _accepted(kept: Tally) -> str:
    on_time, late, missing = kept
    if not kept.accepted:
        return "không có báo cáo nào được chấp nhận"
    parts = [f"{padded(on_time)} đúng hạn ({_share(on_time, kept.expected)})"] if on_time else []
    parts += [f"{padded(late)} quá hạn"] if late else []
    share = _share(kept.accepted, kept.expected)
    text = f"{padded(kept.accepted)} báo cáo được chấp nhận ({share}), gồm {', '.join(parts)}"
    return f"{text}; {padded(missing)} kỳ không có báo cáo được chấp nhận" if missing else text


def _share(part: int, whole: int) -> str:
    return percent_text(part * 100 / whole) if whole else "0%"


def _unit_reporting(report: FinalAssessment, row: UnitReporting) -> str:
    parts = [f"{padded(row.late)} kỳ quá hạn"] if row.late else []
    parts += [f"{padded(row.missing)} kỳ không có báo cáo"] if row.missing else []
    return f"{report.unit_name(row.unit)} ({', '.join(parts)})"


def _claims(report: FinalAssessment) -> tuple[str, ...]:
    judged = [one for one in report.unit_assessments if one.agrees is not None]
    if not judged:
        return ("Chưa có kết quả tự đánh giá của các đơn vị.",)
    agreed = sum(one.agrees is True for one in judged)
    text = sentence(f"{out_of(agreed, len(judged), 'kết quả tự đánh giá')} khớp với số liệu")
    apart = [
        f"{report.unit_name(one.unit)}, chỉ tiêu {one.code} (tự đánh giá “{one.claimed}”, theo số liệu “{one.result}”)"
        for one in judged
        if one.agrees is False
    ]
    return (text, f"Chưa khớp: {listed(apart, 'kết quả')}.") if apart else (text,)


def score_rule(report: FinalAssessment) -> str:
    """What the points are, and what they are not for; stands below the annex of the units' points."""
    return (
        f"Điểm {report.score_label}, không dùng để xếp hạng: {report.score_preset.lower()}; chỉ tiêu không phát sinh "
        "không tính vào điểm tối đa; điểm của đơn vị là tổng điểm đã làm tròn hai chữ số thập phân của từng chỉ tiêu."
    )
