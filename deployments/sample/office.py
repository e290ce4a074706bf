"""A simulated office: one unit of the plan with its own chances, and the part that it plays in the story."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit

MARK = "số liệu mô phỏng"


class Character(StrEnum):
    """How an office reports. The coordinator is always STEADY; the others take turns."""

    STEADY = "steady"  # on time; leaves a program's lock file in the folder, writes from a Mac
    HURRIED = "hurried"  # one month returned and mended, one month late, one task overdue
    SHORT_HANDED = "short_handed"  # one month missing, one file sent twice, one indicator that does not occur


@dataclass(frozen=True, slots=True)
class Office:
    """One unit of a plan. ``turn`` moves what happens to it to other months than what happened to the one before."""

    plan: Plan
    unit: Unit
    seed: int = 0
    character: Character = Character.STEADY
    turn: int = 0

    def chance(self, *about: object) -> random.Random:
        """Chances that belong to this office and subject; the same for the same seed."""
        subject = "/".join(str(one) for one in (self.plan.code, self.unit.code, self.seed, *about))
        return random.Random(subject)  # noqa: S311 - sample data

    def number(self, kind: str, day: date) -> str:
        """``số 245/BC-SCT ngày 12/10/2022``: a document's number; those of a kind grow through the year."""
        pace = self.chance("documents", kind).uniform(0.4, 1.3)
        return f"số {round(day.timetuple().tm_yday * pace) + 3}/{kind}-{self.unit.code} ngày {day:%d/%m/%Y}"


def offices_of(plan: Plan, seed: int) -> Iterator[Office]:
    """Every unit with its part: the coordinator first, the others in an order drawn by the seed."""
    others = [unit for unit in plan.units if unit.code != plan.coordinator]
    random.Random(f"{plan.code}/{seed}/parts").shuffle(others)  # noqa: S311 - sample data
    parts = list(Character)
    for place, unit in enumerate((plan.unit_by_code[plan.coordinator], *others)):
        yield Office(plan, unit, seed, parts[place % len(parts)], place // len(parts))


def has_sheet(form: Form, key: str) -> bool:
    """Whether the form has a sheet of this key."""
    return any(sheet.key == key for sheet in form.sheets)


def months_of(plan: Plan) -> tuple[Period, ...]:
    """The periods in which figures are reported, without those of the final self-assessment."""
    return tuple(period for period in plan.periods if _is_monthly(plan.form_of(period)))


def _is_monthly(form: Form) -> bool:
    return has_sheet(form, "figures") and not has_sheet(form, "assessments")
