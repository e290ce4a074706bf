"""Suites in Python: the checks of one sheet as a Great Expectations suite. No JSON, no files."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

import great_expectations as library
from great_expectations.expectations.row_conditions import Column

from expectations.custom import expectation_class
from expectations.rule import Check


def suite_for(key: str, checks: Sequence[Check]) -> Any:
    """An ``ExpectationSuite`` for one sheet; ``meta["check"]`` of each expectation is its place in ``checks``."""
    return library.ExpectationSuite(
        name=key, expectations=[_expectation(check, number) for number, check in enumerate(checks)]
    )


def _expectation(check: Check, number: int) -> Any:
    return expectation_class(check.expectation)(
        **check.options,
        row_condition=_condition(check.where),
        severity=check.rule.severity.value,
        description=f"{check.rule.name}: {check.rule.hint}",
        meta={"check": number, "rule": check.rule.name},
    )


def _condition(where: Mapping[str, Any]) -> Any:
    conditions = [
        Column(column).is_in(list(value)) if isinstance(value, tuple) else Column(column) == value
        for column, value in where.items()
    ]
    return reduce(and_, conditions) if conditions else None
