"""A document's number and date, as its office gave them; as a reply to the request for a signature says them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from baocao.domain.approving import without_accents

_NUMBER = re.compile(r"(?<![\w/])\d{1,6}/(?:\d{4}/)?[^\W\d_][\w&/-]*")
_DATE = re.compile(r"(?<!\d)(\d{1,2}) ?(?:[/.-]|thang) ?(\d{1,2}) ?(?:[/.-]|nam) ?(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Số, ngày: «123/BC-STTTT», 25/10/2022."""

    number: str
    dated: date


def read_numbered(lines: Iterable[str]) -> Numbered | None:
    """The number and the date in what somebody wrote: «Số 123/BC-STTTT ngày 25/10/2022»; None where one is missing."""
    text = unicodedata.normalize("NFC", " ".join(lines))
    number, dated = _NUMBER.search(text), read_date(text)
    return Numbered(number[0].rstrip("/-"), dated) if number and dated else None


def read_date(text: str) -> date | None:
    """The first day that a text names: «25/10/2022», «ngày 25 tháng 10 năm 2022»; None where it names none."""
    found = _DATE.search(" ".join(without_accents(text).split()))
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
