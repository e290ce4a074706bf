"""Blank forms: what a unit receives, pre-filled with all that is known, locked where nothing is to be typed."""

from pathlib import Path

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import Known, Occasion


def write_blank(plan: Plan, form: Form, unit: Unit, period: Period, known: Known, path: Path) -> None:
    """Write a unit's blank workbook for a form and period, in the order information, the form's sheets,
    self-check, guide.

    The same arguments give the same cells. A file that stands at ``path`` is replaced.

    Raises:
        PlanError: a column's list of choices cannot be put into an Excel list.
        OSError: the file cannot be written.
    """
    draw_workbook(Occasion(plan.at(period), form, unit, period, known)).save(path)
