"""Phân công và dự toán: who leads what by when, and what money is asked for it (the plan's section V.2)."""

from datetime import date
from functools import cached_property

from baocao.domain.model import Frozen
from baocao.domain.reported.document import Document


class Assignment(Frozen):
    """Who leads an indicator or task in a unit, with whom, from when, by when, to make what."""

    unit: str
    code: str
    lead: str = ""
    coordinating: str = ""
    start_date: date | None = None
    due_date: date | None = None
    product: str = ""
    note: str = ""


class AssignmentGap(Frozen):
    """What an assignment plan leaves open: ``missing`` names the columns in Vietnamese."""

    unit: str
    code: str
    missing: tuple[str, ...]


class AssignedItem(Frozen):
    """An indicator or task that is to be assigned."""

    code: str
    name: str
    group: str
    is_indicator: bool


class BudgetItem(Frozen):
    """Dự toán: one amount asked for, in million đồng; ``task`` is the code of the task or indicator that it serves."""

    unit: str
    purpose: str = ""
    task: str = ""
    amount_mil_vnd: float = 0
    source: str = ""
    note: str = ""


class BudgetSum(Frozen):
    """Amounts added up under one heading (a task's code, or a source of funds), by unit and in all; million đồng."""

    heading: str
    by_unit: dict[str, float]
    total_mil_vnd: float


class AssignmentReport(Document):
    """Everything that the report on assignments and budgets says; ``own_mil_vnd`` is what units pay themselves."""

    items: tuple[AssignedItem, ...]
    assignments: tuple[Assignment, ...]
    gaps: tuple[AssignmentGap, ...]
    budget: tuple[BudgetItem, ...]
    budget_by_task: tuple[BudgetSum, ...]
    budget_by_source: tuple[BudgetSum, ...]
    budget_total_mil_vnd: float
    own_mil_vnd: float = 0.0

    @cached_property
    def item_names(self) -> dict[str, str]:
        """What is to be assigned, by its code."""
        return {item.code: item.name for item in self.items}


def gaps_of(assignment: Assignment) -> tuple[str, ...]:
    """What is left open in an assignment: leader, due date, product (the plan's section V.2 asks for all three)."""
    parts = {"chủ trì": assignment.lead, "hạn hoàn thành": assignment.due_date, "sản phẩm": assignment.product}
    return tuple(name for name, value in parts.items() if not value)
