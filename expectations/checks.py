"""The checks of a plan's forms, by the key of the sheet that they look at; light, so that they are quickly told."""

from baocao.domain.planned.plan import Plan
from expectations.rule import INFO, Check
from expectations.rules.assignment import assignment_checks, budget_checks
from expectations.rules.difficulties import difficulty_checks
from expectations.rules.figures import figure_checks
from expectations.rules.final import assessment_checks
from expectations.rules.goals import goal_checks
from expectations.rules.missing import info_checks
from expectations.rules.past import past_checks
from expectations.rules.sums import sum_checks
from expectations.rules.tasks import task_checks
from expectations.sheets import sheets_of

_CHECKS = {
    "figures": lambda plan: (*figure_checks(plan), *goal_checks(plan), *past_checks(plan), *sum_checks(plan)),
    "tasks": task_checks,
    "assignments": assignment_checks,
    "budget": budget_checks,
    "difficulties": difficulty_checks,
    "assessments": assessment_checks,
}


def checks_of(plan: Plan) -> dict[str, tuple[Check, ...]]:
    """Every check of the plan's forms, by the key of the sheet that it looks at."""
    return {INFO: info_checks(plan)} | {key: make(plan) for key, make in _CHECKS.items() if sheets_of(plan, key)}
