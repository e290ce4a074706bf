"""Cách viết: small pieces of Vietnamese prose that the narrative is put together from."""

from collections.abc import Sequence

from baocao.domain.wording import count_text, enumeration

_UNITS_NAMED = 5
_LONGEST_RUN = 30
NO_BREAK = "\u00a0"


def padded(count: int) -> str:
    """``03``, ``15``, ``1.234``: counts below 10 padded, as administrative documents write them."""
    return f"{count:02d}" if count < 10 else count_text(count)


def lower_first(text: str) -> str:
    """The text as it stands within a sentence; an abbreviation at its head (TTHC) keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2].isspace() else text


def upper_first(text: str) -> str:
    """The text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def bare(text: str) -> str:
    """Text taken from a cell, ready to stand within a sentence: one line, no full stop at its end."""
    return " ".join(text.split()).rstrip(" .;,")


def unbroken(text: str) -> str:
    """A title whose names are not broken over lines: a capital stays with the two words after it, unless long.

    Blanks within a name become no-break spaces, and the one before the last word, which never stands alone on a line;
    the first word's capital is the title's own.
    """
    words = text.split(" ")
    whole, run = words[0], 0
    for place, word in enumerate(words[1:], start=1):
        run = run + len(word) if _is_within_a_name(words[max(1, place - 2) : place]) and run < _LONGEST_RUN else 0
        whole += (NO_BREAK if run else " ") + word
    head, _, last = whole.rpartition(" ")
    return f"{head}{NO_BREAK}{last}" if head and NO_BREAK not in last else whole


def _is_within_a_name(before: Sequence[str]) -> bool:
    """Whether one of the words before a blank begins a name that goes on over it."""
    starts = [place for place, word in enumerate(before) if word[:1].isupper()]
    return bool(starts) and not any(word[-1:] in ",;:.)" for word in before[starts[0] :])


def sentence(text: str) -> str:
    """The text with a capital at its head and one full stop at its end."""
    return f"{upper_first(bare(text))}."


def quoted(text: str, limit: int, where: str) -> str:
    """The text whole up to a limit, else its first sentence or clause, else where it stands whole; never cut."""
    line, first = bare(text), clause(text, limit)
    if first == line:
        return line
    return f"{first} (nguyên văn tại {where})" if first else f"nêu tại {where}"


def clause(text: str, limit: int) -> str:
    """The text whole up to a limit, else its first sentence or clause where that is short enough, else nothing."""
    line = bare(text)
    heads = (line, *(bare(line.partition(end)[0]) for end in (". ", "; ")))
    return next((head for head in heads if len(head) <= limit), "")


def clipped(text: str, limit: int) -> str:
    """The text cut at a word, with an ellipsis, where a label has no more room."""
    line = bare(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rsplit(' ', 1)[0].rstrip(' ,;:.(')}…"


def listed(items: Sequence[str], others: str, limit: int = 8, more: int = 0) -> str:
    """``a; b; c``; beyond the limit ``a; b và 04 chỉ tiêu khác`` (``others`` is the noun).

    ``more``: how many there are beside the items, where these are not given one by one.
    """
    rest = max(0, len(items) - limit) + more
    named = "; ".join(items[:limit])
    return f"{named} và {padded(rest)} {others} khác" if rest else named


def unit_names(names: Sequence[str]) -> str:
    """``A, B và C``; many units are named in part: ``A, B, C, D, E và 07 đơn vị khác``."""
    if len(names) <= _UNITS_NAMED:
        return enumeration(tuple(names))
    return f"{', '.join(names[:_UNITS_NAMED])} và {padded(len(names) - _UNITS_NAMED)} đơn vị khác"


def out_of(part: int, whole: int, noun: str) -> str:
    """``cả 15 chỉ tiêu``, ``09/15 chỉ tiêu``; one of one is ``01/01 chỉ tiêu``."""
    if part == whole and whole > 1:
        return f"cả {padded(whole)} {noun}"
    return f"{padded(part)}/{padded(whole)} {noun}"
