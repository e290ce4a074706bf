"""Blank forms: what a unit receives, pre-filled with all that is known, locked where nothing is to be typed."""

from io import BytesIO
from pathlib import Path

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import Known, Occasion

_MOST_KEPT = 32
_kept: dict[tuple[str, str, str], tuple[Occasion, bytes]] = {}
"""The forms that were drawn last, by plan, unit and period, with what they were drawn for: a reminder brings again what
was sent before, and drawing takes a third of a second."""


def write_blank(plan: Plan, form: Form, unit: Unit, period: Period, known: Known, path: Path) -> None:
    """Write a unit's blank workbook for a form and period, in the order guide, information, the form's sheets,
    self-check.

    The same arguments give the same cells. A file that stands at ``path`` is replaced.

    Raises:
        PlanError: a column's list of choices cannot be put into an Excel list.
        OSError: the file cannot be written.
    """
    plan = plan.at(period).aimed_at(unit.code)
    form = form.asking(has_indicators=bool(plan.indicators))
    path.write_bytes(_content(Occasion(plan, form, unit, period, known)))


def _content(occasion: Occasion) -> bytes:
    if occasion.form.is_adopted:  # a file of the plan's folder, which may change
        return _draw(occasion)
    key = (occasion.plan.code, occasion.unit.code, str(occasion.period))
    drawn_for, content = _kept.pop(key, (None, b""))
    if drawn_for != occasion:
        content = _draw(occasion)
    _kept[key] = occasion, content
    for oldest in list(_kept)[:-_MOST_KEPT]:
        _kept.pop(oldest, None)
    return content


def _draw(occasion: Occasion) -> bytes:
    saved = BytesIO()
    draw_workbook(occasion).save(saved)
    return saved.getvalue()
