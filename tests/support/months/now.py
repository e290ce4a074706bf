"""A plan whose dates lie around the real today, so that months can be lived by the real clock («số liệu mô phỏng»)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.plan.loading import load_plan
from baocao.plan.rollout import moved_plan, read_sources
from support import ROOT
from support.workbooks import samples

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_PILOT = ROOT / "plans" / "ninh-binh-2022"
_LONGEST_REST = 30  # of a calendar; on a 31st the month opens on its first day instead


@dataclass(frozen=True)
class Today:
    """The plan's periods: three that close at today's first moment and are reported today, one that is open.

    The open one opens and is reminded of at the same moment as the reports are due, unless today is a 31st.
    """

    folder: Path
    assignment: Period
    month: Period
    final: Period
    open: Period

    @property
    def plan(self) -> Plan:
        return load_plan(self.folder)

    def fill(self, inbox: Path, unit: str, period: Period) -> Path:
        """A clean workbook of a period in a unit's folder."""
        plan = self.plan
        filled = samples.clean(_until(plan, period), plan.form_of(period), unit, period)
        return samples.write_filled(inbox / unit / f"bao-cao-{period}.xlsx", plan, unit, period, filled)


def plan_around(moment: datetime, folder: Path) -> Today:
    """Write the pilot's plan with its dates moved so that all happens at ``moment``, which is aware."""
    local = moment.astimezone(ZONE)
    day, month = local.date(), Period.of(local)
    today = Today(folder, month.shift(-3), month.shift(-2), month.shift(-1), month)
    sources = moved_plan(read_sources(_PILOT), today.assignment)
    data = yaml.safe_load(sources["plan.yaml"])
    data["calendar"] |= {
        "at": local.time().replace(tzinfo=None).isoformat(),
        "reminders": [2],
        "overrides": _working(day),
        "cycles": [
            *(_closing(form, period, day) for form, period in _reported(today)),
            _cycle("thang", today.open, day + timedelta(days=3), day + timedelta(days=5)),
        ],
    }
    (folder / "forms").mkdir(parents=True)
    for name, text in {**sources, "plan.yaml": yaml.safe_dump(data, allow_unicode=True, sort_keys=False)}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return today


def _until(plan: Plan, period: Period) -> Plan:
    """The plan as far as this period: a final report sums up the months before it, and none that is open."""
    cycles = tuple(cycle for cycle in plan.calendar.cycles if cycle.first <= period)
    return plan.model_copy(update={"calendar": plan.calendar.model_copy(update={"cycles": cycles})})


def midnight_of(moment: datetime) -> datetime:
    """The first moment of the day in the plan's zone."""
    return datetime.combine(moment.astimezone(ZONE).date(), time(), ZONE)


def _reported(today: Today) -> tuple[tuple[str, Period], ...]:
    return ("phan-cong", today.assignment), ("thang", today.month), ("tong-ket", today.final)


def _working(day: date) -> dict[date, bool]:
    """Nobody works in this month before today; then everybody does."""
    rest = {day.replace(day=number): False for number in range(1, day.day)}
    if len(rest) >= _LONGEST_REST:
        rest[day.replace(day=1)] = True
    return {day.replace(day=1) - timedelta(days=1): True} | rest | {day + timedelta(days=n): True for n in range(7)}


def _closing(form: str, period: Period, day: date) -> dict[str, object]:
    return _cycle(form, period, day, day + timedelta(days=1))


def _cycle(form: str, period: Period, submit: date, report: date) -> dict[str, object]:
    return {
        "form": form,
        "first": str(period),
        "last": str(period),
        "submit": _before(period, submit),
        "report_days": {"first": 1, "last": 1},
        "report": _before(period, report),
    }


def _before(period: Period, day: date) -> dict[str, int]:
    return {"day": day.day, "months_after": (day.year - period.year) * 12 + day.month - period.month}
