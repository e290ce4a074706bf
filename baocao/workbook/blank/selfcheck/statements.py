"""Everything that a form states of itself."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from baocao.workbook.blank.selfcheck.assignment import assignment_statements, budget_statements
from baocao.workbook.blank.selfcheck.figures import figure_statements
from baocao.workbook.blank.selfcheck.final import assessment_statements
from baocao.workbook.blank.selfcheck.others import difficulty_statements, info_statements
from baocao.workbook.blank.selfcheck.statement import Desk, Statement, Table
from baocao.workbook.blank.selfcheck.tasks import task_statements

_OF_SHEET: Mapping[str, Callable[[Table], Iterator[Statement]]] = MappingProxyType(
    {
        "figures": figure_statements,
        "tasks": task_statements,
        "assignments": assignment_statements,
        "budget": budget_statements,
        "difficulties": difficulty_statements,
        "assessments": assessment_statements,
    }
)


def statements_of(desk: Desk) -> list[Statement]:
    """The statements of a form in the order of its sheets and rows."""
    form = desk.occasion.form
    found = list(info_statements(desk, form.info))
    for sheet in form.sheets:
        if make := _OF_SHEET.get(sheet.key):
            found += make(Table(desk, sheet))
    return found
