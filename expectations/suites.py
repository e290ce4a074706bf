"""Suites in Python: the checks of one sheet as a Great Expectations suite. No JSON, no files."""

from collections.abc import Sequence
from typing import Any

import great_expectations as library

from expectations.custom import expectation_class
from expectations.quick import quick
from expectations.rule import Check


def suite_for(key: str, checks: Sequence[Check]) -> Any:
    """An ``ExpectationSuite`` for checks of the same rows; ``meta["check"]`` of each expectation is its place."""
    return library.ExpectationSuite(
        name=key, expectations=[_expectation(check, number) for number, check in enumerate(checks)]
    )


def _expectation(check: Check, number: int) -> Any:
    return quick(expectation_class(check.expectation))(
        **check.options,
        severity=check.rule.severity.value,
        description=f"{check.rule.name}: {check.rule.hint}",
        meta={"check": number, "rule": check.rule.name},
    )
