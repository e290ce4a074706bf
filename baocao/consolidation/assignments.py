"""The report on assignments and budgets, from the accepted assignment plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

import pandas as pd

from baocao.consolidation.cells import day, in_plan_order, number, rows_of, texts
from baocao.consolidation.head import Head, document_head
from baocao.domain.characters import without_bullets
from baocao.domain.planned.form import Rows
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.assignment import (
    AssignedItem,
    Assignment,
    AssignmentGap,
    AssignmentReport,
    BudgetItem,
    BudgetSum,
    gaps_of,
)
from baocao.store.accepted.facts import Facts
from baocao.workbook.cells import fold

NO_SOURCE = "Chưa ghi nguồn"
NO_TASK = "Chưa ghi nhiệm vụ"


def build_assignment_report(plan: Plan, facts: Facts, head: Head) -> AssignmentReport:
    """Who leads what, what is left open, and what money is asked for; pure."""
    assignments = assignments_of(in_plan_order(plan, facts.frames["assignments"]), facts.period)
    codes = {fold(code): code for code in plan.row_codes(Rows.INDICATORS_AND_TASKS)}
    budget = tuple(
        _budget_item(row, codes) for row in rows_of(in_plan_order(plan, facts.frames["budget"]), facts.period)
    )
    return AssignmentReport(
        **document_head(plan, facts, head),
        items=assigned_items(plan),
        assignments=assignments,
        gaps=_gaps(plan, assignments),
        budget=budget,
        budget_by_task=sums(budget, "task", NO_TASK),
        budget_by_source=sums(budget, "source", NO_SOURCE),
        budget_total_mil_vnd=sum(item.amount_mil_vnd for item in budget),
        own_mil_vnd=sum(item.amount_mil_vnd for item in budget if _is_own(plan, item.source)),
    )


def assigned_items(plan: Plan) -> tuple[AssignedItem, ...]:
    """The indicators, then the tasks, that a unit assigns."""
    indicators = [
        AssignedItem(code=one.code, name=one.name_short, group=one.group, is_indicator=True) for one in plan.indicators
    ]
    tasks = [
        AssignedItem(code=one.code, name=one.name_short or one.verbatim, group=one.group, is_indicator=False)
        for one in plan.unit_tasks
    ]
    return (*indicators, *tasks)


def assignments_of(frame: pd.DataFrame, period: Period) -> tuple[Assignment, ...]:
    """The accepted assignments of a period, by unit and code."""
    return tuple(
        Assignment(
            **texts(row, "unit", "code", "lead", "coordinating", "product", "note"),
            start_date=day(row["start_date"]),
            due_date=day(row["due_date"]),
        )
        for row in rows_of(frame, period)
    )


def sums(budget: Iterable[BudgetItem], by: str, empty: str) -> tuple[BudgetSum, ...]:
    """Amounts added up by task or by source of funds, the largest first.

    Headings that differ in case, blanks, bullets, stops or Unicode form are one, shown in their commonest spelling.
    """
    headings: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for item in budget:
        heading = " ".join(without_bullets(normalize("NFC", getattr(item, by))).split()) or empty
        spellings[fold(heading)][heading] += 1
        headings[fold(heading)][item.unit] += item.amount_mil_vnd
    rows = [
        BudgetSum(heading=_commonest(spellings[heading]), by_unit=dict(units), total_mil_vnd=sum(units.values()))
        for heading, units in headings.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.total_mil_vnd, row.heading)))


def _is_own(plan: Plan, source: str) -> bool:
    """Whether a source of funds is the unit's own, by the plan's words."""
    heading = fold(normalize("NFC", source))
    return any(fold(word) in heading for word in plan.own_sources)


def _commonest(spellings: Counter[str]) -> str:
    """The spelling that is met most often; of several, one that does not depend on the order of the units."""
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling.isupper(), spelling))


def _gaps(plan: Plan, assignments: tuple[Assignment, ...]) -> tuple[AssignmentGap, ...]:
    by_key = {(one.unit, one.code): one for one in assignments}
    reporting = [unit.code for unit in plan.units if any(one.unit == unit.code for one in assignments)]
    gaps = (
        AssignmentGap(unit=unit, code=item.code, missing=missing)
        for unit in reporting
        for item in assigned_items(plan)
        if (missing := gaps_of(by_key.get((unit, item.code), Assignment(unit=unit, code=item.code))))
    )
    return tuple(gaps)


def _budget_item(row: dict[Any, Any], codes: Mapping[str, str]) -> BudgetItem:
    named = texts(row, "unit", "purpose", "task", "source", "note")
    named["task"] = codes.get(fold(named["task"]), named["task"])
    return BudgetItem(**named, amount_mil_vnd=number(row["amount_mil_vnd"]) or 0.0)
