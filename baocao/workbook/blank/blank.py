"""Blank forms: what a unit receives, pre-filled with all that is known, locked where nothing is to be typed."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan, Unit
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import Known, Occasion


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A form's bytes; what it was drawn for is kept beside it, so that no other object can have the same ``id``."""

    occasion: Occasion
    content: bytes


_MOST_KEPT = 32
_kept: dict[tuple[object, ...], _Drawn] = {}
"""The forms that were drawn last: a reminder brings again what was sent before, and drawing takes half a second."""


def write_blank(plan: Plan, form: Form, unit: Unit, period: Period, known: Known, path: Path) -> None:
    """Write a unit's blank workbook for a form and period, in the order information, the form's sheets,
    self-check, guide.

    The same arguments give the same cells. A file that stands at ``path`` is replaced.

    Raises:
        PlanError: a column's list of choices cannot be put into an Excel list.
        OSError: the file cannot be written.
    """
    path.write_bytes(_content(Occasion(plan, form, unit, period, known)))


def _content(occasion: Occasion) -> bytes:
    if occasion.form.is_adopted:  # a file of the plan's folder, which may change
        return _draw(occasion)
    things = (occasion.plan, occasion.form, occasion.unit)
    key = (*map(id, things), str(occasion.period), repr(occasion.known))
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _Drawn(occasion, _draw(occasion))
        for oldest in list(_kept)[:-_MOST_KEPT]:
            _kept.pop(oldest, None)
    return found.content


def _draw(occasion: Occasion) -> bytes:
    saved = BytesIO()
    draw_workbook(occasion).save(saved)
    return saved.getvalue()
