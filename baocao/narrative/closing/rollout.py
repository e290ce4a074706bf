"""Tồn tại, bài học, mô hình nhân rộng: what the final assessment draws from the results."""

from baocao.domain.reported.assessment import FinalAssessment, FinalResult, Proposal, Recommendation, UnitAssessment
from baocao.domain.wording import percent_text
from baocao.narrative.phrases import bare, listed, lower_first, padded, quoted, sentence, unit_names
from baocao.narrative.proposals import proposal_paragraphs

_UNITS_ANNEX = "Phụ lục II"
_CAUSES = 5
_FEW_CAUSES = 3
_LESSONS = 6
_RULE = (
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
    names = {one.code: one.name for one in report.recommendations}
    codes = dict.fromkeys(code for code in report.results if any(one.code == code for one in missed))
    lead = f"{padded(len(codes))} chỉ tiêu còn có đơn vị chưa đạt:"
    return (lead, *(_missed(report, names[code], code, [o for o in missed if o.code == code]) for code in codes))


def _missed(report: FinalAssessment, name: str, code: str, units: list[UnitAssessment]) -> str:
    target = next(figure.target_pct for figure in report.headlines if figure.code == code)
    shown = [_cause(report, one, target) for one in units]
    limit = _CAUSES if len(units) <= _CAUSES else _FEW_CAUSES
    return f"- {name} ({code}, mục tiêu {percent_text(target)}): {listed(shown, 'đơn vị', limit)}."


def _cause(report: FinalAssessment, one: UnitAssessment, target_pct: float) -> str:
    text = f"{report.unit_name(one.unit)} {percent_text(one.ratio_pct, target_pct)}"
    return f"{text} (nguyên nhân: {lower_first(quoted(one.cause, 160, _UNITS_ANNEX))})" if one.cause else text


def lesson_paragraphs(report: FinalAssessment) -> tuple[str, ...]:
    """The units' lessons, each said once, with those who drew it."""
    drawn: dict[str, list[UnitAssessment]] = {}
    for one in report.unit_assessments:
        if one.lesson:
            drawn.setdefault(bare(one.lesson), []).append(one)
    if not drawn:
        return ("Các đơn vị chưa nêu bài học kinh nghiệm.",)
    ordered = sorted(drawn.items(), key=lambda item: -len({one.unit for one in item[1]}))
    lines = [_lesson(report, text, own) for text, own in ordered[:_LESSONS]]
    rest = len(ordered) - _LESSONS
    return (*lines, *((f"- {padded(rest)} bài học khác nêu tại Phụ lục II.",) if rest > 0 else ()))


def _lesson(report: FinalAssessment, text: str, own: list[UnitAssessment]) -> str:
    units = [report.unit_name(unit) for unit in dict.fromkeys(one.unit for one in own)]
    codes = ", ".join(dict.fromkeys(one.code for one in own))
    return f"- {sentence(text)[:-1]} ({codes}; {unit_names(units)})."


def recommendation_paragraphs(report: FinalAssessment) -> tuple[str, ...]:
    """What to keep, to adjust and to drop, each with its evidence."""
    if not report.unit_assessments:
        return ("Chưa có căn cứ để đề xuất.",)
    lead = (
        f"Căn cứ kết quả {report.phase} và đề xuất của các đơn vị, các chỉ tiêu của kế hoạch nhân rộng "
        f"được đề xuất như sau. {_RULE}"
    )
    keep, adjust, drop = ([one for one in report.recommendations if one.proposal is kind] for kind in Proposal)
    kept = "; ".join(_kept(one) for one in keep)
    draft = (
        "Dự thảo kế hoạch nhân rộng theo đề xuất này gửi kèm thư báo cáo (tệp nén kế hoạch nhân rộng)."
        if keep or adjust
        else "Không còn chỉ tiêu nào để nhân rộng nên chưa lập dự thảo kế hoạch nhân rộng."
    )
    return (
        lead,
        *((f"Giữ nguyên {padded(len(keep))} chỉ tiêu: {kept}.",) if keep else ()),
        *_changed(adjust, "Điều chỉnh {} chỉ tiêu trước khi nhân rộng:"),
        *_changed(drop, "Không đưa {} chỉ tiêu vào kế hoạch nhân rộng:"),
        f"Căn cứ của từng đề xuất nêu tại Phụ lục IV. {draft}",
    )


def _kept(one: Recommendation) -> str:
    """A kept indicator by its code; that some would adjust it is not passed over."""
    return (
        f"{one.code} (có {padded(len(one.adjustments))} ý kiến điều chỉnh chưa đủ số)" if one.adjustments else one.code
    )


def _changed(own: list[Recommendation], lead: str) -> tuple[str, ...]:
    return (lead.format(padded(len(own))), *map(_recommendation, own)) if own else ()


def _recommendation(one: Recommendation) -> str:
    text = f"- {one.name} ({one.code}): {lower_first(one.evidence)}."
    if one.proposal is Proposal.ADJUST and one.adjustments:
        text += f" Nội dung điều chỉnh: {'; '.join(map(bare, one.adjustments))}."
    return text


def final_proposals(report: FinalAssessment, *, has_figures: bool) -> tuple[str, ...]:
    """What is asked within the units' authority at the end."""
    if not has_figures:
        return ("Đề nghị các đơn vị gửi báo cáo tổng kết để bổ sung.",)
    return proposal_paragraphs(report)


def final_asked(report: FinalAssessment, *, has_figures: bool) -> tuple[str, ...]:
    """What the addressees decide on the model: who and by when."""
    if not has_figures:
        return ()
    is_empty = all(one.proposal is Proposal.DROP for one in report.recommendations)
    what = "ý kiến về các chỉ tiêu của mô hình" if is_empty else "chủ trương nhân rộng mô hình"
    asked = unit_names(report.issuer.addressees)
    return (f"{asked}: cho {what} theo đề xuất tại mục IV, trong {report.period.next.label}.",)
