"""Các kỳ trước: what was accepted before, for the rules that compare a submission with its past."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from baocao.domain.planned.form import Form, FormKind
from baocao.domain.planned.indicator import Figure, IndicatorKind
from baocao.domain.planned.plan import Plan
from baocao.domain.received.explanation import Matter
from baocao.domain.reported.progress import ratio_pct


class PastFigure(NamedTuple):
    """One row of figures as last accepted. ``period`` is ISO text (``2022-10``); counts may be None."""

    unit: str
    period: str
    code: str
    numerator: float | None
    denominator: float | None


class PastTask(NamedTuple):
    """One task as last accepted. ``period`` is ISO text; ``status`` is the list's own spelling."""

    unit: str
    period: str
    code: str
    progress_pct: float | None
    status: str | None


def past_forms(plan: Plan, form: Form) -> list[str]:
    """The forms in which the past of a workbook was reported: its own; of a final one the monthly ones, too."""
    is_final = form.kind is FormKind.FINAL
    months = [one.key for one in plan.forms.values() if is_final and one.kind is FormKind.MONTHLY]
    return [form.key, *months]


def has_like_past(form: Form, figure: Figure) -> bool:
    """Whether a figure of a form says what it said the period before; a final FLOW one sums the whole pilot up."""
    return form.kind is not FormKind.FINAL or figure.kind is IndicatorKind.STOCK


@dataclass(frozen=True, slots=True)
class History:
    """Accepted submissions (the last accepted version of each), one tuple per unit, period and code, in any order.

    Plain tuples in the order of :class:`PastFigure` and :class:`PastTask` (such as a database query returns) serve as
    well; nothing is copied. Rows of the period that is checked, or of later ones, do no harm: every submission is
    compared with strictly earlier periods only. ``due_dates`` and ``products`` are the accepted assignment's, by unit
    and code. ``closed``: accepted explanations by what they are about.
    """

    figures: Sequence[tuple[str, str, str, float | None, float | None]] = ()
    tasks: Sequence[tuple[str, str, str, float | None, str | None]] = ()
    due_dates: Mapping[tuple[str, str], date] = field(default_factory=dict)
    products: Mapping[tuple[str, str], str] = field(default_factory=dict)
    closed: Mapping[Matter, str] = field(default_factory=dict)

    def last_ratios(self, before: Mapping[str, str]) -> dict[str, dict[str, float | None]]:
        """By unit and figure code, the ratio in percent of the last period; None where nothing occurred.

        ``before`` names the units and the period (ISO text) that each one's last period lies before.
        """
        ratios: dict[str, dict[str, float | None]] = defaultdict(dict)
        for unit, period, code, numerator, denominator in sorted(self.figures, key=itemgetter(1)):
            if period < before.get(unit, ""):
                ratios[unit][code] = ratio_pct(numerator, denominator)
        return ratios
