"""Công thức sống: totals and ratios that follow where a reader changes a figure, with the values that they have now.

A formula is written only where it gives the very value that the report has; else the value stands alone. So what was
estimated, or rests on figures that stand nowhere in the workbook, is never shown as if it could be recalculated.
"""

from collections.abc import Sequence
from math import isclose

from baocao.domain.reported.progress import ratio_pct
from baocao.domain.wording import shown_change
from baocao.render.xlsx.style import Formula, Percent, Value, percent

_CLOSE = 1e-9
_NEVER = -1.0
"""A target that no ratio lies below, so that nothing is rounded down to stay under it."""


def live_ratio(
    cells: tuple[str, str], counts: tuple[float | None, float | None], shown: float | None, target_pct: float
) -> Value:
    """A ratio (percent) of the counts in two cells; empty where the denominator is 0."""
    numerator, denominator = counts
    whole = ratio_pct(numerator, denominator)
    text = f'IF({cells[1]}=0,"",{cells[0]}/{cells[1]})'
    if whole is None or shown is None:
        return Formula(text, "") if shown is None and denominator == 0 and numerator is not None else None
    if numerator is None or not denominator or not isclose(whole, shown, rel_tol=_CLOSE):
        return percent(shown, target_pct)
    return Formula(text, numerator / denominator, Percent(shown, target_pct).number_format)


def live_sum(text: str, parts: Sequence[float | None], shown: float | None, rest: float = 0.0) -> Value:
    """A sum as the formula ``text``, of ``parts`` and of a ``rest`` that stands in no cell of the workbook."""
    known = [part for part in parts if part is not None]
    if shown is None or not known or not isclose(sum(known) + rest, shown, rel_tol=_CLOSE, abs_tol=_CLOSE):
        return shown
    return Formula(f"{text}+{rest:.15g}" if rest else text, shown)


def live_change(cells: tuple[str, str], ratios: tuple[float | None, float | None], shown: float | None) -> Value:
    """Percentage points between the ratios in two cells as they are printed with one decimal."""
    now, before = ratios
    if shown is None or now is None or before is None or shown != shown_change(now, before, _NEVER):
        return shown
    first, second = cells
    return Formula(f'IF(OR({first}="",{second}=""),"",ROUND({first}*100,1)-ROUND({second}*100,1))', shown)
