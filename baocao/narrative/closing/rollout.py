"""Tồn tại, bài học, mô hình nhân rộng: what the final assessment draws from the results."""

from collections import Counter
from collections.abc import Iterator

from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import bound
from baocao.domain.reported.assessment import FinalAssessment, FinalResult, Proposal, Recommendation, UnitAssessment
from baocao.domain.wording import enumeration, percent_text
from baocao.narrative.phrases import bare, clause, listed, lower_first, padded, sentence, unit_names, upper_first
from baocao.narrative.proposals import proposal_paragraphs
from baocao.narrative.results import missed_phrase, units_text

_UNITS_ANNEX = "Phụ lục II"
_UNITS = 5
_LONGEST_CAUSE = 120
_LESSONS = 2
_INDICATORS = 7
RECOMMENDATION_RULE = (
    "Quy tắc: bỏ khi quá nửa số đơn vị đề xuất bỏ; điều chỉnh khi quá nửa số đơn vị đề xuất điều chỉnh hoặc số đơn vị "
    "chưa đạt nhiều hơn số đơn vị đạt; còn lại giữ nguyên."
)


def shortcoming_paragraphs(report: FinalAssessment) -> tuple[str, ...]:
    """The indicators that were missed, by whom and why; what was not sent."""
    missed = [one for one in report.unit_assessments if one.result is FinalResult.MISSED]
    if not report.unit_assessments:
        return ("Chưa có số liệu tổng kết để đánh giá.",)
    if not missed:
        return ("Mọi chỉ tiêu có phát sinh đều đạt tại các đơn vị đã báo cáo.",)
    codes = dict.fromkeys(code for code in report.results if any(one.code == code for one in missed))
    has_causes = any(one.cause for one in missed)
    where = f" (nguyên nhân của từng đơn vị tại {_UNITS_ANNEX})" if has_causes else ""
    lead = f"{padded(len(codes))} chỉ tiêu còn có đơn vị chưa đạt{where}:"
    lines = {code: _missed(report, code, [one for one in missed if one.code == code]) for code in codes}
    return (lead, *_first_of(lines, _UNITS_ANNEX))


def _first_of(lines: dict[str, str], where: str) -> Iterator[str]:
    """As many lines, by indicator, as the body has room for; the others by their codes, with where they stand."""
    yield from list(lines.values())[:_INDICATORS]
    if rest := list(lines)[_INDICATORS:]:
        yield f"- {padded(len(rest))} chỉ tiêu khác nêu tại {where}: {enumeration(rest)}."


def _missed(report: FinalAssessment, code: str, units: list[UnitAssessment]) -> str:
    figure = next(figure for figure in report.headlines if figure.code == code)
    shown = [f"{report.unit_name(one.unit)} {percent_text(one.ratio_pct, bound(figure.of(one.unit)))}" for one in units]
    text = f"- {upper_first(missed_phrase(report, figure))}; {listed(shown, 'đơn vị', _UNITS)}"
    causes = Counter(filter(None, (clause(one.cause, _LONGEST_CAUSE) for one in units)))
    if causes:
        (cause, _), *_ = causes.most_common(1)
        text += f"; nguyên nhân {'chính ' if len(causes) > 1 else ''}là {lower_first(cause)}"
    return f"{text}."


def lesson_paragraphs(report: FinalAssessment) -> tuple[str, ...]:
    """The units' lessons, each said once, with those who drew it."""
    drawn = grouped((one for one in report.unit_assessments if one.lesson), lambda one: bare(one.lesson))
    if not drawn:
        return ("Các đơn vị chưa nêu bài học kinh nghiệm.",)
    ordered = sorted(drawn.items(), key=lambda item: -len({one.unit for one in item[1]}))
    lines = [_lesson(report, text, own) for text, own in ordered[:_LESSONS]]
    rest = len(ordered) - _LESSONS
    return (*lines, *((f"- {padded(rest)} bài học khác nêu tại Phụ lục II.",) if rest > 0 else ()))


def _lesson(report: FinalAssessment, text: str, own: list[UnitAssessment]) -> str:
    units = units_text(report, list(dict.fromkeys(one.unit for one in own)))
    codes = ", ".join(dict.fromkeys(one.code for one in own))
    return f"- {sentence(text)[:-1]} ({codes}; {units})."


def recommendation_paragraphs(report: FinalAssessment) -> tuple[str, ...]:
    """What to keep, to adjust and to drop, each with its evidence."""
    if not report.unit_assessments:
        return ("Chưa có căn cứ để đề xuất.",)
    lead = f"Theo kết quả {report.phase} và đề xuất của các đơn vị (quy tắc tại Phụ lục IV):"
    keep, adjust, drop = ([one for one in report.recommendations if one.proposal is kind] for kind in Proposal)
    kept = "; ".join(_kept(one) for one in keep)
    draft = (
        "Dự thảo kế hoạch nhân rộng gửi kèm thư báo cáo (tệp nén)."
        if keep or adjust
        else "Không còn chỉ tiêu nào để nhân rộng nên chưa lập dự thảo kế hoạch nhân rộng."
    )
    return (
        lead,
        *((f"Giữ nguyên {padded(len(keep))} chỉ tiêu: {kept}.",) if keep else ()),
        *_changed(adjust, "Điều chỉnh {} chỉ tiêu trước khi nhân rộng:"),
        *_changed(drop, "Không đưa {} chỉ tiêu vào kế hoạch nhân rộng:"),
        draft,
    )


def _kept(one: Recommendation) -> str:
    """A kept indicator by its code; that some would adjust it is not passed over."""
    return (
        f"{one.code} (có {padded(len(one.adjustments))} ý kiến điều chỉnh chưa đủ số)" if one.adjustments else one.code
    )


def _changed(own: list[Recommendation], lead: str) -> tuple[str, ...]:
    lines = {one.code: _recommendation(one) for one in own}
    return (lead.format(padded(len(own))), *_first_of(lines, "Phụ lục IV")) if own else ()


def _recommendation(one: Recommendation) -> str:
    if one.proposal is Proposal.ADJUST and one.adjustments:
        return f"- {one.name} ({one.code}): {'; '.join(lower_first(bare(text)) for text in one.adjustments)}."
    return f"- {one.name} ({one.code}): {lower_first(one.evidence)}."


def final_proposals(report: FinalAssessment, *, has_figures: bool) -> tuple[str, ...]:
    """What is asked within the units' authority at the end."""
    if not has_figures:
        return ("Đề nghị các đơn vị gửi báo cáo tổng kết để bổ sung.",)
    return proposal_paragraphs(report, named=0)


def final_asked(report: FinalAssessment, *, has_figures: bool) -> tuple[str, ...]:
    """What the addressees decide on the model: who and by when."""
    if not has_figures:
        return ()
    is_empty = all(one.proposal is Proposal.DROP for one in report.recommendations)
    what = "ý kiến về các chỉ tiêu của mô hình" if is_empty else "chủ trương nhân rộng mô hình"
    asked = unit_names(report.issuer.addressees)
    return (f"{asked}: cho {what} theo đề xuất tại mục IV, trong {report.period.next.label}.",)
