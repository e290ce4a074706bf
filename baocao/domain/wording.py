"""How figures and dates are written for Vietnamese readers; the one place for number formats."""

from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

NOT_APPLICABLE = "Không phát sinh"
NO_DATA = "Chưa có số liệu"
_ONE_DECIMAL = 0.1
"""Rounding to one decimal moves a number by less."""


class Most(float):
    """A target that a ratio is to be at most; any other number is one to be reached."""


def count_text(value: float | None) -> str:
    """``1.234``: thousands grouped by dots; empty for None."""
    return "" if value is None else f"{value:,.0f}".replace(",", ".")


def decimal_text(value: float, digits: int = 1) -> str:
    """``1.234,5``: decimal comma, a whole number without decimals."""
    text = f"{value:,.{digits}f}"
    whole, _, fraction = text.partition(".")
    whole = whole.replace(",", ".")
    fraction = fraction.rstrip("0")
    return f"{whole},{fraction}" if fraction else whole


def percent_text(ratio_pct: float | None, target_pct: float = 100.0) -> str:
    """``85,5%``; a ratio that misses its target is never rounded to it (99,96 is ``99,9%``, 5,04 of 5 at most 5,1)."""
    if ratio_pct is None:
        return NOT_APPLICABLE
    return f"{decimal_text(shown_pct(ratio_pct, target_pct))}%"


def shown_pct(ratio_pct: float, target_pct: float = 100.0) -> float:
    """The ratio with one decimal, rounded the other way where rounding would bring it to its target or to 100."""
    rounded = _rounded(ratio_pct, 1, ROUND_HALF_UP)
    if not _misleads(rounded, ratio_pct, target_pct):
        return rounded
    return _rounded(ratio_pct, 1, ROUND_FLOOR if rounded > ratio_pct else ROUND_CEILING)


def shown_change(now_pct: float, before_pct: float, target_pct: float = 100.0) -> float:
    """By how many percentage points two ratios differ as they are printed, so that a reader finds the same."""
    return round(shown_pct(now_pct, target_pct) - shown_pct(before_pct, target_pct), 1)


def digits_to_tell(ratio_pct: float, target_pct: float = 100.0) -> int:
    """How many decimals (1 to 6) it takes so that rounding brings a ratio to no target that it misses, nor to 100."""
    if not _may_mislead(ratio_pct, target_pct):
        return 1
    shown = ((digits, _rounded(ratio_pct, digits, ROUND_HALF_UP)) for digits in range(1, 6))
    return next((digits for digits, rounded in shown if not _misleads(rounded, ratio_pct, target_pct)), 6)


def _may_mislead(ratio_pct: float, target_pct: float) -> bool:
    """Whether one decimal could bring a ratio to a bound that it misses; else nothing has to be rounded to know."""
    beyond = ratio_pct - target_pct if isinstance(target_pct, Most) else target_pct - ratio_pct
    return 0 < beyond < _ONE_DECIMAL or 0 < 100.0 - ratio_pct < _ONE_DECIMAL


def _misleads(rounded: float, ratio_pct: float, target_pct: float) -> bool:
    if isinstance(target_pct, Most):
        return rounded <= target_pct < ratio_pct or ratio_pct < 100.0 <= rounded
    return any(ratio_pct < bound <= rounded for bound in (target_pct, 100.0))


def _rounded(ratio_pct: float, digits: int, how: str) -> float:
    """Rounded as it is written, as spreadsheets do: 85,05 is 85,1, though the float lies below."""
    return float(Decimal(repr(float(ratio_pct))).quantize(Decimal(1).scaleb(-digits), how))


def points_text(points: float) -> str:
    """``2,5 điểm phần trăm``, without sign."""
    return f"{decimal_text(abs(points))} điểm phần trăm"


def date_text(day: date) -> str:
    """``05/10/2022``."""
    return f"{day:%d/%m/%Y}"


def moment_text(moment: datetime) -> str:
    """``08 giờ 00 ngày 05/10/2022``; give it a time in the plan's zone."""
    return f"{moment:%H} giờ {moment:%M} ngày {moment:%d/%m/%Y}"


def long_date_text(day: date) -> str:
    """``ngày 05 tháng 02 năm 2023``: days below 10 and months 1 and 2 padded (Nghị định 30/2020/NĐ-CP)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def enumeration(items: list[str] | tuple[str, ...]) -> str:
    """``A``, ``A và B``, ``A, B và C``."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} và {items[-1]}"
