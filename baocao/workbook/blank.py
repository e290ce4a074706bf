"""Blank forms: what a unit receives, pre-filled with all that is known, locked where nothing is to be typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from baocao.domain.form import Form
from baocao.domain.period import Period
from baocao.domain.plan import Plan, Unit


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in a blank form beside the plan's own data.

    ``previous_pct``: the last accepted ratio in percent by figure code; None where nothing occurred. ``assignments``:
    by task code, the values by column key (``lead``, ``coordinating``, ``due_date``, ``product``) that the unit
    planned. ``token``: the submission code (Mã nộp).
    """

    previous_pct: Mapping[str, float | None] = field(default_factory=dict)
    assignments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    token: str = ""


NOTHING_KNOWN = Known()


def write_blank(plan: Plan, form: Form, unit: Unit, period: Period, known: Known, path: Path) -> None:
    """Write a unit's blank workbook for a form and period, in the order information, the form's sheets, guide.

    The same arguments give the same cells. A file that stands at ``path`` is replaced.

    Raises:
        PlanError: a column's list of choices cannot be put into an Excel list.
        OSError: the file cannot be written.
    """
    from baocao.workbook.drawing import draw_workbook
    from baocao.workbook.given import Occasion

    draw_workbook(Occasion(plan, form, unit, period, known)).save(path)
