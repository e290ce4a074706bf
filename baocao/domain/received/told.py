"""What a unit says in a reply about warnings: «Giải trình B1: lý do», one a line; other lines say nothing of them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_LONGEST = 1000
_PREFIX = r"(?:giải|giai) (?:trình|trinh)"
_PLACE = r"(?:(?:ô|mục|mã|dòng|cho) )?(?P<{}>(?:[IVX]{{1,4}}\.|[A-Z]{{1,3}}\.?)[0-9][0-9.]{{0,8}}[0-9]?)"
_SAID = re.compile(
    rf"[-–•*\s]*(?:{_PREFIX} ?(?:{_PLACE.format('named')})?|{_PLACE.format('bare')}) ?[:：] ?(?P<text>.*)",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """``place``: a row's code or a cell in capitals; empty where the writer named none."""

    place: str
    text: str


def read_told(lines: Iterable[str]) -> list[Told]:
    """The explanations that lines state, in order; a line goes on with the next ones down to an empty one."""
    found: list[Told] = []
    is_open = False
    for line in lines:
        plain = " ".join(unicodedata.normalize("NFC", line).split())
        said = _SAID.fullmatch(plain)
        if said is not None:
            place = (said["named"] or said["bare"] or "").upper().rstrip(".")
            found.append(Told(place, said["text"].strip()))
            is_open = True
        elif not plain:
            is_open = False
        elif is_open:
            found[-1] = Told(found[-1].place, f"{found[-1].text} {plain}".strip())
    return [Told(place, text[:_LONGEST]) for place, text in found if text]
