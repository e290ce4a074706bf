"""Lines of an official form that a person completes: «Đơn vị báo cáo: …», the value behind its label or beside it."""

import re

from baocao.workbook.cells import fold

_NOTHING = re.compile(r"(?:tháng|ngày|năm|quý|[\s./…_:,;–-])*")
_LONG_DATE = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")
_SIGNS = " :\t\n\xa0"


def rest_of(text: str, label: str) -> str | None:
    """What stands behind a label in its own cell, dots not counted; None where the cell does not begin with it."""
    plain = text.strip()
    if fold(plain[: len(label)]) != fold(label) or plain[len(label) : len(label) + 1].isalnum():
        return None
    rest = plain[len(label) :].strip(_SIGNS)
    return "" if _NOTHING.fullmatch(fold(rest)) else rest


def short_date(text: str) -> str:
    """«ngày 18 tháng 10 năm 2022» as 18/10/2022; any other text as it is."""
    found = _LONG_DATE.fullmatch(fold(text))
    return f"{found[1]}/{found[2]}/{found[3]}" if found else text
