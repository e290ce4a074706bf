"""Đề xuất, kiến nghị: the paragraphs on what the units ask for."""

from collections.abc import Iterable

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.progress import Difficulty
from baocao.narrative.phrases import bare, padded, sentence, unit_names, upper_first
from baocao.narrative.results import accepted_units, units_text

_PROPOSALS = 10


def proposal_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """Difficulties with what is proposed; those beyond the units' authority first."""
    if not report.difficulties:
        return (_no_difficulty(report),)
    within = _shared(difficulty for difficulty in report.difficulties if not difficulty.is_beyond_authority)
    lead = "Nội dung thuộc thẩm quyền của các cơ quan, đơn vị:"
    return (*beyond_authority_paragraphs(report), *_proposals(report, within, lead))


def urgent_proposal_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """The same for one screen: what is beyond the units' authority, and how much else there is."""
    if not report.difficulties:
        return (_no_difficulty(report),)
    beyond = beyond_authority_paragraphs(report)
    within = _shared(difficulty for difficulty in report.difficulties if not difficulty.is_beyond_authority)
    if not within:
        return beyond
    also = "ngoài ra có" if beyond else "có"
    rest = sentence(
        f"{also} {padded(len(within))} nội dung thuộc thẩm quyền của các cơ quan, đơn vị, nêu trong báo cáo"
    )
    return (*beyond, rest)


def beyond_authority_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """What the addressees are asked to settle; empty where there is nothing."""
    beyond = _shared(difficulty for difficulty in report.difficulties if difficulty.is_beyond_authority)
    asked = unit_names(report.issuer.addressees)
    return _proposals(report, beyond, f"Kính đề nghị {asked} xem xét, giải quyết nội dung vượt thẩm quyền:")


def _no_difficulty(report: ResultsDocument) -> str:
    if not accepted_units(report):
        return "Chưa tổng hợp được khó khăn, kiến nghị của các đơn vị."
    return "Trong kỳ, các đơn vị không có khó khăn, vướng mắc cần kiến nghị."


def _shared(difficulties: Iterable[Difficulty]) -> list[list[Difficulty]]:
    """The difficulties that several units put in the same words, together."""
    by_words: dict[tuple[str, ...], list[Difficulty]] = {}
    for item in difficulties:
        words = (item.difficulty, item.cause, item.proposal, item.settled_by)
        by_words.setdefault(tuple(bare(text).casefold() for text in words), []).append(item)
    return list(by_words.values())


def _proposals(report: ResultsDocument, shared: list[list[Difficulty]], lead: str) -> tuple[str, ...]:
    if not shared:
        return ()
    rest = len(shared) - _PROPOSALS
    more = (f"- {padded(rest)} nội dung khác nêu tại Phụ lục khó khăn, kiến nghị.",) if rest > 0 else ()
    return (lead, *(_proposal(report, difficulties) for difficulties in shared[:_PROPOSALS]), *more)


def _proposal(report: ResultsDocument, difficulties: list[Difficulty]) -> str:
    difficulty = difficulties[0]
    units = units_text(report, [item.unit for item in difficulties])
    parts = [f"{upper_first(units)}: {bare(difficulty.difficulty)}"]
    since = min((item.since for item in difficulties if item.since), default=None)
    if since and since < report.period:
        parts[0] += f" (nêu từ {since.label})"
    if difficulty.cause:
        parts.append(f"nguyên nhân: {bare(difficulty.cause)}")
    text = "; ".join(parts) + "."
    if difficulty.proposal:
        asks = difficulty.proposal.lower().startswith(("kiến nghị", "đề nghị"))
        text += f" {'' if asks else 'Kiến nghị: '}{sentence(difficulty.proposal)}"
    if difficulty.settled_by:
        text += f" Cơ quan giải quyết: {sentence(difficulty.settled_by)}"
    return f"- {text}"
