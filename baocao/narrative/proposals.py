"""Đề xuất, kiến nghị: the paragraphs on what the units ask for."""

from collections import Counter
from collections.abc import Iterable, Iterator

from baocao.domain.grouping import grouped
from baocao.domain.planned.period import Period
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.reported.progress import Difficulty
from baocao.domain.wording import date_text
from baocao.narrative.phrases import bare, lower_first, padded, quoted, upper_first
from baocao.narrative.results import accepted_units, units_text

_LONGEST = 160
_FOLLOWED = 5
_OWN = "từng đơn vị đề nghị"


def proposal_paragraphs(report: ResultsDocument, named: int = 2) -> tuple[str, ...]:
    """What is asked within the units' authority; what is beyond it stands first, what lacks a part nowhere."""
    whole = [one for one in report.difficulties if complete(one) and is_pending(report, one)]
    within = _within(report, [one for one in whole if not one.is_beyond_authority])
    beyond = [one for one in whole if one.is_beyond_authority]
    paragraphs = (
        _open(report, whole, "; nội dung vượt thẩm quyền nêu tại phần Kính đề nghị quyết định" if beyond else ""),
        *(_proposals(report, within, named) if named else ()),
        _incomplete(report),
        *_followed(report),
    )
    return tuple(filter(None, paragraphs)) or (_no_difficulty(report),)


def _followed(report: ResultsDocument) -> Iterator[str]:
    """What became of proposals that were put before and wait no longer: how many, then each in a line; one alone
    in its sentence.

    What several units asked and was answered or closed at once is one.
    """
    ordered = sorted(report.followed, key=lambda one: (list(ProposalState).index(one.state), one.number))
    found = list(grouped(ordered, lambda one: (one.shared, one.state, one.answer, one.closing)).values())
    if len(found) <= 1:
        yield from (f"Kiến nghị đã trình {lower_first(_follow(report, same))}" for same in found)
        return
    counts = Counter(same[0].state for same in found)
    states = (f"{padded(counts[state])} {state.label.lower()}" for state in ProposalState if counts[state])
    yield f"Kiến nghị đã trình: {', '.join(states)}."
    yield from (f"- {_follow(report, same)}" for same in found[:_FOLLOWED])
    if len(found) > _FOLLOWED:
        yield f"- {padded(len(found) - _FOLLOWED)} kiến nghị khác theo dõi theo số đã cấp."


def _follow(report: ResultsDocument, same: list[Followed]) -> str:
    one, units = same[0], units_text(report, [each.unit for each in same])
    head = f"Số {one.number} ({units}, nêu từ {min(each.since for each in same).label})"
    if one.state is ProposalState.DONE or one.answer is None:
        return f"{head}: đã xong, {bare(one.closing.reason) if one.closing else 'đơn vị không còn nêu'}."
    owner = report.unit_name(one.answer.owner.partition("<")[0].strip())
    doing = ", ".join(filter(None, (owner, one.due_text and f"hạn {one.due_text}")))
    on = date_text(one.answer.at.astimezone(report.made_at.tzinfo).date())
    text = f"{head}: {one.answer.by} trả lời ngày {on}: {bare(one.answer.text)}"
    return f"{text}; thực hiện: {doing}." if doing else f"{text}."


def is_pending(report: Document, one: Difficulty) -> bool:
    """Whether what a unit asks is still to be decided: it was neither answered nor closed."""
    return all(one.identity != put.identity for put in report.followed)


def complete(one: Difficulty) -> bool:
    """Whether a difficulty can be decided on: it says what is difficult, what is proposed, and who settles it."""
    return all(bare(text) for text in (one.difficulty, one.proposal, one.settled_by))


def _incomplete(report: ResultsDocument) -> str:
    lacking = [one for one in report.difficulties if not complete(one) and one.carried is None]
    if not lacking:
        return ""
    units = units_text(report, list(dict.fromkeys(one.unit for one in lacking)))
    return (
        f"Đề nghị {units} bổ sung {padded(len(lacking))} nội dung chưa nêu đủ khó khăn, kiến nghị và cơ quan giải "
        "quyết để trình ở kỳ sau."
    )


def _open(report: ResultsDocument, asked: list[Difficulty], where: str) -> str:
    """How many proposals wait for an answer, how many of them since earlier periods; empty where none does."""
    first: dict[str, Period] = {}
    for place, one in enumerate(asked):
        since, number = one.since or report.period, one.number or str(place)
        first[number] = min(since, first.get(number, since))
    if not first:
        return ""
    earlier = [since for since in first.values() if since < report.period]
    text = f"{padded(len(first))} kiến nghị đang chờ trả lời"
    if earlier:
        some = "đều" if len(earlier) == len(first) else f"trong đó {padded(len(earlier))}"
        text += f", {some} nêu từ các kỳ trước, lâu nhất từ {min(earlier).label}"
    return f"{text}, đủ tại {difficulty_annex(report)}{where}."


def difficulty_annex(report: ResultsDocument) -> str:
    """The annex in which every proposal stands."""
    return "Phụ lục VI" if report.looks_back else "Phụ lục IV"


def askers(report: ResultsDocument, same: Iterable[Difficulty]) -> str:
    """``Sở A và Sở B đề nghị; Sở C đề nghị tại báo cáo 11/2022``: who asks, and who asked before it fell silent."""
    by_report: dict[Period | None, list[str]] = {}
    for one in same:
        by_report.setdefault(one.carried, []).append(one.unit)
    return "; ".join(
        f"{units_text(report, units)} đề nghị{f' tại báo cáo {carried.short}' if carried else ''}"
        for carried, units in by_report.items()
    )


def age(report: ResultsDocument, same: Iterable[Difficulty]) -> str:
    """``nêu từ 09/2022, đến nay 04 kỳ``; empty where it is asked for the first time."""
    since = min((one.since for one in same if one.since), default=report.period)
    months = (report.period.year - since.year) * 12 + report.period.month - since.month + 1
    return f"nêu từ {since.short}, đến nay {padded(months)} kỳ" if since < report.period else ""


def _no_difficulty(report: ResultsDocument) -> str:
    if not accepted_units(report):
        return "Chưa tổng hợp được khó khăn, kiến nghị của các đơn vị."
    return "Trong kỳ, các đơn vị không có khó khăn, vướng mắc cần kiến nghị."


def shared(difficulties: Iterable[Difficulty]) -> list[list[Difficulty]]:
    """The difficulties that several units put in the same words, together."""

    def words(item: Difficulty) -> tuple[str, ...]:
        told = (item.difficulty, item.cause, item.proposal, item.settled_by)
        return tuple(bare(text).casefold() for text in told)

    return list(grouped(difficulties, words).values())


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


def _proposals(report: ResultsDocument, together: list[list[Difficulty]], named: int) -> tuple[str, ...]:
    if not together:
        return ()
    rest = len(together) - named
    more = (f"- {padded(rest)} nội dung khác nêu tại {difficulty_annex(report)}.",) if rest > 0 else ()
    lead = "Nội dung thuộc thẩm quyền của các cơ quan, đơn vị:"
    return (lead, *(_proposal(report, difficulties) for difficulties in together[:named]), *more)


def _proposal(report: ResultsDocument, difficulties: list[Difficulty]) -> str:
    """What is asked of whom, by whom and since when; difficulty and cause stand in the annex."""
    first = difficulties[0]
    known = (askers(report, difficulties), first.number and f"số {first.number}", age(report, difficulties))
    work = lower_first(quoted(first.proposal, _LONGEST, difficulty_annex(report)))
    return f"- {upper_first(bare(first.settled_by))}: {work} ({'; '.join(filter(None, known))})."
