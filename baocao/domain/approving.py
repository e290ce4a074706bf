"""What an approver says in one line: «Đồng ý», «Duyệt», or «Không duyệt: lý do»; anything else is no decision."""

import re
import unicodedata
from dataclasses import dataclass

_AGREED = frozenset({"dong y", "duyet", "dong y duyet", "toi dong y", "toi duyet", "da duyet"})
_REFUSED = re.compile(r"(?:toi )?(?:khong|chua) (?:duyet|dong y)(?P<rest>(?:\W.*)?)")
_EDGE = " \t.,;:!-–—“”\"'«»()*"
_NO_REASONS = frozenset({"", "ly do", "neu ly do"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """A decision on a report; a refusal without a reason is none yet, and has an empty one."""

    is_approved: bool
    reason: str = ""


def read_opinion(line: str) -> Opinion | None:
    """The decision that a line states, with or without accents; None where it states none.

    Only the whole line counts: «Đồng ý nhưng sửa B4» is no approval.
    """
    plain = " ".join(unicodedata.normalize("NFC", line).split()).strip(_EDGE)
    folded = without_accents(plain)
    if folded in _AGREED:
        return Opinion(is_approved=True)
    found = _REFUSED.fullmatch(folded)
    if found is None:
        return None
    reason = plain[found.start("rest") :].strip(_EDGE)
    return Opinion(is_approved=False, reason="" if without_accents(reason) in _NO_REASONS else reason)


def without_accents(text: str) -> str:
    """The text in small letters without accents; each sign keeps its place."""
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


def _bare(sign: str) -> str:
    """One sign in small letters without its accents, so that places stay the same."""
    return "d" if sign in "đĐ" else unicodedata.normalize("NFD", sign)[0].lower()
