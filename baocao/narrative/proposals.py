"""Đề xuất, kiến nghị: the paragraphs on what the units ask for."""

from collections.abc import Iterable

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.progress import Difficulty
from baocao.narrative.phrases import bare, padded, sentence, upper_first
from baocao.narrative.results import accepted_units, units_text

_PROPOSALS = 5
_OWN = "từng đơn vị nêu trên"


def proposal_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """What is asked within the units' authority; what is beyond it stands first, what lacks a part nowhere."""
    whole = [one for one in report.difficulties if complete(one)]
    within = _within(report, [one for one in whole if not one.is_beyond_authority])
    beyond = [one for one in whole if one.is_beyond_authority]
    paragraphs = (
        "Nội dung vượt thẩm quyền nêu tại phần Kính đề nghị quyết định, đầu báo cáo." if beyond else "",
        *_proposals(report, within, "Nội dung thuộc thẩm quyền của các cơ quan, đơn vị:"),
        _incomplete(report),
    )
    return tuple(filter(None, paragraphs)) or (_no_difficulty(report),)


def complete(one: Difficulty) -> bool:
    """Whether a difficulty can be decided on: it says what is difficult, what is proposed, and who settles it."""
    return all(bare(text) for text in (one.difficulty, one.proposal, one.settled_by))


def _incomplete(report: ResultsDocument) -> str:
    lacking = [one for one in report.difficulties if not complete(one)]
    if not lacking:
        return ""
    units = units_text(report, list(dict.fromkeys(one.unit for one in lacking)))
    return (
        f"Đề nghị {units} bổ sung {padded(len(lacking))} nội dung chưa nêu đủ khó khăn, kiến nghị và cơ quan giải "
        "quyết để trình ở kỳ sau."
    )


def _no_difficulty(report: ResultsDocument) -> str:
    if not accepted_units(report):
        return "Chưa tổng hợp được khó khăn, kiến nghị của các đơn vị."
    return "Trong kỳ, các đơn vị không có khó khăn, vướng mắc cần kiến nghị."


def shared(difficulties: Iterable[Difficulty]) -> list[list[Difficulty]]:
    """The difficulties that several units put in the same words, together."""
    by_words: dict[tuple[str, ...], list[Difficulty]] = {}
    for item in difficulties:
        words = (item.difficulty, item.cause, item.proposal, item.settled_by)
        by_words.setdefault(tuple(bare(text).casefold() for text in words), []).append(item)
    return list(by_words.values())


def _within(report: ResultsDocument, difficulties: Iterable[Difficulty]) -> list[list[Difficulty]]:
    """As :func:`shared`, where what each of several units settles itself is said once."""
    by_words = shared(
        one.model_copy(update={"settled_by": _OWN}) if bare(one.settled_by) == report.unit_name(one.unit) else one
        for one in difficulties
    )
    return [
        [one.model_copy(update={"settled_by": report.unit_name(one.unit)}) if len(same) == 1 else one for one in same]
        if same[0].settled_by == _OWN
        else same
        for same in by_words
    ]


def _proposals(report: ResultsDocument, together: list[list[Difficulty]], lead: str) -> tuple[str, ...]:
    if not together:
        return ()
    rest = len(together) - _PROPOSALS
    more = (f"- {padded(rest)} nội dung khác nêu tại Phụ lục khó khăn, kiến nghị.",) if rest > 0 else ()
    return (lead, *(_proposal(report, difficulties) for difficulties in together[:_PROPOSALS]), *more)


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
        settled_by = bare(difficulty.settled_by)
        text += f" Cơ quan giải quyết: {settled_by}."
    return f"- {text}"
