"""Faults that an office makes and mends: each breaks one rule, at one place."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from baocao.domain.planned.form import Form
from baocao.domain.planned.indicator import figures_of
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import TaskStatus
from baocao.workbook.filling import Filled, Values
from deployments.sample.figures import is_judged
from deployments.sample.office import has_sheet

Rows = dict[str, dict[str, object]]
Fault = Callable[[Plan, Rows], str | None]


def with_faults(plan: Plan, form: Form, filled: Filled, turn: int) -> tuple[Filled, tuple[str, ...]]:
    """The content with the faults of this turn, and the rules that they break; those that find no place are left."""
    tables: dict[str, Rows] = {
        key: {code: dict(row) for code, row in rows.items()} for key, rows in filled.tables.items()
    }
    planted: list[str] = []
    for sheet, fault in _faults(form, turn):
        if (rule := fault(plan, tables[sheet])) is not None:
            planted.append(rule)
    return Filled(filled.info, tables, filled.free), tuple(planted)


def _faults(form: Form, turn: int) -> tuple[tuple[str, Fault], ...]:
    if has_sheet(form, "assignments"):
        return (("assignments", _no_lead), ("assignments", _due_after_pilot))
    if has_sheet(form, "assessments"):
        return (("assessments", _boast), ("assessments", _adjustment_untold))
    sets: tuple[tuple[tuple[str, Fault], ...], ...] = (
        (("figures", _too_many), ("figures", _no_note), ("tasks", _done_at_80)),
        (("figures", _comma), ("tasks", _done_without_product)),
        (("figures", _typed_ratio), ("figures", _no_note)),
    )
    return sets[turn % len(sets)]


def _too_many(plan: Plan, rows: Rows) -> str | None:
    for indicator in plan.indicators:
        row = rows.get(indicator.code)
        if row and not indicator.components and _count(row, "denominator"):
            row["numerator"] = _count(row, "denominator") + 6
            return "numerator_le_denominator"
    return None


def _no_note(plan: Plan, rows: Rows) -> str | None:
    for indicator in reversed(plan.indicators):
        for figure in figures_of(indicator):
            row = rows.get(figure.code, {})
            if is_judged(figure) and row.get("note") and _count(row, "denominator"):
                row["note"] = ""
                return "note_when_below_target"
    return None


def _comma(plan: Plan, rows: Rows) -> str | None:
    for figure in plan.figures:
        row = rows.get(figure.code, {})
        if figure.is_typed and _count(row, "denominator") >= 1000:
            row["denominator"] = f"{_count(row, 'denominator'):,}"
            return "ambiguous_number"
    return None


def _typed_ratio(plan: Plan, rows: Rows) -> str | None:
    for indicator in plan.indicators:
        row = rows.get(indicator.code)
        if row and not indicator.components and 0 < _count(row, "numerator") < _count(row, "denominator"):
            row["ratio_pct"] = 100
            return "ratio_agrees"
    return None


def _done_at_80(plan: Plan, rows: Rows) -> str | None:
    for row in rows.values():
        if row.get("status") == TaskStatus.IN_PROGRESS.value:
            done = plan.pilot.start + timedelta(days=1)
            row |= {"status": TaskStatus.DONE.value, "progress_pct": 80, "done_date": done, "product": "Dự thảo lần 2"}
            return "done_means_100"
    return None


def _done_without_product(_plan: Plan, rows: Rows) -> str | None:
    for row in rows.values():
        if row.get("status") == TaskStatus.DONE.value:
            row["product"] = ""
            return "done_needs_date_and_product"
    return None


def _no_lead(_plan: Plan, rows: Rows) -> str | None:
    for row in list(rows.values())[2:3]:
        row["lead"] = ""
        return "value_missing"
    return None


def _due_after_pilot(plan: Plan, rows: Rows) -> str | None:
    for row in list(rows.values())[-1:]:
        row["due_date"] = plan.pilot.end + timedelta(days=120)
        return "due_within_pilot"
    return None


def _boast(_plan: Plan, rows: Rows) -> str | None:
    for row in rows.values():
        if row.get("result") == Outcome.MISSED.value:
            row["result"] = Outcome.REACHED.value
            return "result_agrees"
    return None


def _adjustment_untold(_plan: Plan, rows: Rows) -> str | None:
    for row in rows.values():
        if row.get("adjustment"):
            row["adjustment"] = ""
            return "adjustment_explained"
    return None


def _count(row: Values | Mapping[str, object], key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0
