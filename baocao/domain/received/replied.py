"""What a reply says about proposals, one a line: «Kiến nghị số 1: đồng ý; thực hiện: SNV; hạn: 30/11/2022».

«Kiến nghị số 1 đã xong: kết quả» says that one is done.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from baocao.domain.approving import without_accents

_LONGEST = 2000
_SAID = re.compile(
    r"[-*\s]*kien nghi (?:so )?(?P<number>\d{1,6})(?P<done> da (?:xong|hoan thanh|giai quyet))? ?: ?(?P<text>.+)"
)
_OWNER = re.compile(r"(?:nguoi |don vi |co quan )?thuc hien ?: ?(?P<who>.+)")
_DUE = re.compile(r"han(?: chot)? ?: ?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")


class Said(NamedTuple):
    """``owner`` and ``due`` of an answer, where the writer names them."""

    number: int
    is_done: bool
    text: str
    owner: str = ""
    due: date | None = None


def read_said(lines: Iterable[str]) -> list[Said]:
    """What lines say, in their order; other lines say nothing of proposals."""
    return [one for one in map(_line, lines) if one is not None]


def _line(line: str) -> Said | None:
    plain = " ".join(unicodedata.normalize("NFC", line.translate(_DASHES)).split())
    found = _SAID.fullmatch(without_accents(plain))
    if found is None:
        return None
    told = plain[found.start("text") :][:_LONGEST]
    number, is_done = int(found["number"]), found["done"] is not None
    return Said(number, is_done, told) if is_done else _answer(number, told)


_DASHES = dict.fromkeys(map(ord, "–—•"), "-")


def _answer(number: int, told: str) -> Said:
    """The parts between semicolons: owner and due day where they are named, all else is the answer."""
    text, owner, due = [], "", None
    for part in (one.strip() for one in told.split(";")):
        folded = without_accents(part).rstrip(".")
        if who := _OWNER.fullmatch(folded):
            owner = part[who.start("who") : who.end("who")]
        elif day := _day(folded):
            due = day
        else:
            text.append(part)
    return Said(number, is_done=False, text="; ".join(text), owner=owner, due=due)


def _day(folded: str) -> date | None:
    found = _DUE.fullmatch(folded)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
