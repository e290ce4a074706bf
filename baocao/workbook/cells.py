"""What a cell means: folding of labels, and numbers, dates, lists and marks as Vietnamese offices write them.

Pure. A parser returns the value, None for an empty cell, or a :class:`Fault` whose value is the name of the
reading rule that is broken; it never raises, whatever the cell holds, and never guesses.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize

from baocao.domain.characters import readable
from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.period import Period
from baocao.domain.wording import NO_DATA, NOT_APPLICABLE, date_text

Raw = str | float | int | bool | date | datetime | time | timedelta | None
"""A cell as calamine gives it; empty is ``""`` or None."""

_YEARS = range(2000, 2101)
_EXACT = 1e-9
MAX_EXACT = 2.0**53
"""Above it, numbers lose digits in every spreadsheet and in a float."""
_PERCENTS = frozenset({ColumnType.PERCENT, ColumnType.RATIO})
_SUMMED = frozenset({ColumnType.COUNT, ColumnType.AMOUNT})

_ZERO = re.compile(
    r"[-–—_]+|k/?ps|k\.ps|k/?c|0 ?(?:đ|ps)?|(?:(?:trong|ở) )?(?:(?:tháng|kỳ|quý) (?:này )?)?(?:không|ko|k|chưa)"
    r"(?: (?:có|phát sinh|ps|gì|nào|trường hợp|hồ sơ|trong|kỳ|tháng|này))*"
)
_NOT_SAID = frozenset({"chưa", "k", "chưa có"})
_APART = re.compile(r"[+−–-]? ?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|\S*|[+−–-] ?\S+|\S+ ?%")
_WHOLE = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_GROUPED_ONCE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPED_DECIMAL = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_DATE = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_PERIOD = re.compile(r"tháng ([0-9]{1,2}) ?(?:/|-|năm) ?([0-9]{4})")


class Fault(StrEnum):
    """Why a cell does not parse; each is the name of a reading rule."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NOT_WHOLE = "not_whole"
    COUNT_LIMIT = "count_limit"
    NOT_A_DATE = "not_a_date"
    NOT_IN_LIST = "not_in_list"
    CELL_ERROR = "cell_error"
    PERIOD_MISMATCH = "period_mismatch"


ERRORS = frozenset(
    {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
"""How spreadsheets show a failed formula."""


_NAME_END = re.compile(r"(?:[\s.,:;!?…*·_=–—-]|\(\s*\*?\s*\))+$")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which labels, codes and list values are compared: NFC, case folded, blanks collapsed, trimmed.

    Tone marks count, and Đ/đ never folds to D/d.
    """
    return " ".join(normalize("NFC", readable(text).casefold()).split())


@lru_cache(maxsize=8192)
def fold_name(text: str) -> str:
    """The form in which headers, labels and names of sheets are compared: folded, without what may stand behind them.

    «Ghi chú :», «GHI CHÚ...» and «Ghi chú (*)» are «Ghi chú»; a name of nothing but signs stays as it is.
    """
    folded_text = fold(text)
    return _NAME_END.sub("", folded_text) or folded_text


@lru_cache(maxsize=8192)
def fold_code(text: str) -> str:
    """How rows' codes are compared: folded, full-width letters as plain ones, without blanks and a stop behind."""
    return "".join(normalize("NFKC", fold(text)).split()).rstrip(".")


def folded(raw: Raw) -> str:
    """A cell folded; empty for an empty cell."""
    if raw is None or raw == "":
        return ""
    return fold(raw if isinstance(raw, str) else parse_text(raw) or "")


def says_zero(text: str) -> bool:
    """Whether a folded text in place of a count only says that there was none: ``Không phát sinh``, ``-``, ``K/PS``."""
    bare = text.strip(" .,;:()*”“\"'")
    return bare not in _NOT_SAID and bare != "" and bool(_ZERO.fullmatch(bare))


def parse_text(raw: Raw) -> str | None:
    """The cell as text that can be read and printed: trimmed; a whole number without decimals."""
    if isinstance(raw, str):
        return readable(raw).strip() or None
    if raw is None:
        return None
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return f"{Decimal(f'{raw:.15g}'):f}".replace(".", ",") if math.isfinite(raw) else None
    if isinstance(raw, date):
        return date_text(raw)
    return str(raw)


def parse_number(raw: Raw, column: ColumnType, percent_format: bool | None = False) -> float | Fault | None:
    """The number in a cell; in percent (85.5) for a percent or ratio column.

    ``percent_format`` says whether the cell's number format shows a percentage (then 0.855 means 85.5); None where
    that is not known, so that a figure between 0 and 1 can be read in two ways. A count shown as a percentage is none.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        value = _number_in_text(raw, column)
    elif isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        value = Fault.NOT_A_NUMBER
    elif column in _PERCENTS:
        value = _percent(float(raw), percent_format)
    else:
        value = float(raw)
    if column is ColumnType.COUNT and percent_format and _is_whole(value) and not isinstance(raw, str):
        return Fault.NOT_A_NUMBER
    if column in _SUMMED and isinstance(value, float) and abs(value) > MAX_EXACT:
        return Fault.COUNT_LIMIT
    if column is ColumnType.COUNT and isinstance(value, float):
        return _whole(value)
    return value


def _percent(value: float, percent_format: bool | None) -> float | Fault:
    if percent_format:
        shown = round(value * 100, 10)
        return shown if math.isfinite(shown) else Fault.NOT_A_NUMBER
    if percent_format is None and 0 < abs(value) <= 1:
        return Fault.AMBIGUOUS_NUMBER
    return value


def _is_whole(value: float | Fault | None) -> bool:
    """Whether a number that is shown as a percentage (``100%`` for 1) would pass for a count."""
    return isinstance(value, float) and value != 0 and value.is_integer()


def _whole(value: float) -> float | Fault:
    nearest = float(round(value))
    return nearest if abs(value - nearest) < _EXACT else Fault.NOT_WHOLE


def _number_in_text(raw: str, column: ColumnType) -> float | Fault | None:
    parts = readable(raw).split()
    text = "".join(parts)
    if not text:
        return None
    if text[:1].isdigit() and not _APART.fullmatch(" ".join(parts)):
        return Fault.NOT_A_NUMBER
    if text in ERRORS:
        return Fault.CELL_ERROR
    is_percent = column in _PERCENTS
    if is_percent:
        if fold(raw) in (fold(NOT_APPLICABLE), fold(NO_DATA)):
            return None
        text = text.removesuffix("%")
    is_negative = text[:1] in ("-", "−", "–")
    exact = _unsigned(text[1:] if is_negative else text, is_percent)
    if isinstance(exact, Fault):
        return exact
    if not math.isfinite(float(exact)):
        return Fault.NOT_A_NUMBER
    if column in _SUMMED and exact > MAX_EXACT:
        return Fault.COUNT_LIMIT
    return -float(exact) if is_negative else float(exact)


def _unsigned(text: str, is_percent: bool) -> Decimal | Fault:
    """The number as it is written, to its last digit."""
    if _TWO_WAYS.fullmatch(text) or (is_percent and _GROUPED_ONCE.fullmatch(text)):
        return Fault.AMBIGUOUS_NUMBER
    if _WHOLE.fullmatch(text) or _GROUPED.fullmatch(text) or _GROUPED_DECIMAL.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return Fault.NOT_A_NUMBER


def parse_date(raw: Raw) -> date | Fault | None:
    """A day between 2000 and 2100: a date cell, or text ``18/10/2022``, ``8/1/2023``, ``18-10-2022``.

    A bare number is no date, though Excel may have meant one: without a date format nobody sees it as such.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        return _date_in_text(raw)
    if not isinstance(raw, date):
        return Fault.NOT_A_DATE
    day = raw.date() if isinstance(raw, datetime) else raw
    return day if day.year in _YEARS else Fault.NOT_A_DATE


def _date_in_text(raw: str) -> date | Fault | None:
    text = readable(raw).strip()
    if not text:
        return None
    if text in ERRORS:
        return Fault.CELL_ERROR
    found = _DATE.fullmatch(text)
    if not found or int(found[4]) not in _YEARS:
        return Fault.NOT_A_DATE
    try:
        return date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        return Fault.NOT_A_DATE


def parse_choice(raw: Raw, choices: tuple[str, ...]) -> str | Fault | None:
    """The list's own spelling of a choice."""
    text = folded(raw)
    if not text:
        return None
    if text.upper() in ERRORS:
        return Fault.CELL_ERROR
    return next((choice for choice in choices if fold(choice) == text), Fault.NOT_IN_LIST)


_MARKS = {
    **dict.fromkeys(("x", "×", "✓", "✔", "√", "☑", "☒", "✗", "✘", "✅", "v", "có"), True),
    **dict.fromkeys(("không", "☐", "□"), False),
}
_SYMBOL_MARKS = {
    **dict.fromkeys(("\uf0fb", "\uf0fc", "\uf0fd", "\uf0fe", "\uf050", "\uf052"), True),
    **dict.fromkeys(("\uf0a8", "\uf06f"), False),
}
"""Ticks and empty boxes of Word's symbol fonts (Wingdings, Wingdings 2), which are mere bullets in a text."""


def parse_mark(raw: Raw) -> bool | Fault | None:
    """A mark: ``x`` (also ``×``, ``✓``, ``☑``, ``v``, ``có``) is True, ``không`` and an empty box are False."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip() in _SYMBOL_MARKS:
        return _SYMBOL_MARKS[raw.strip()]
    text = folded(raw)
    if not text:
        return None
    if text.upper() in ERRORS:
        return Fault.CELL_ERROR
    return _MARKS.get(text, Fault.NOT_IN_LIST)


def parse_period(raw: Raw) -> Period | Fault | None:
    """A month: ``10/2022``, ``2022-10``, ``Tháng 10/2022``, ``tháng 10 năm 2022``, or a date (Excel makes one)."""
    day = parse_date(raw)
    if isinstance(day, date):
        return Period.of(day)
    text = folded(raw)
    if not text:
        return None
    if text.upper() in ERRORS:
        return Fault.CELL_ERROR
    found = _PERIOD.fullmatch(text)
    try:
        return Period(int(found[2]), int(found[1])) if found else Period.parse(text)
    except ValueError:
        return Fault.PERIOD_MISMATCH
