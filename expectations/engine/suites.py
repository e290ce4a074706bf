"""Suites in Python: the checks of one sheet as a Great Expectations suite. No JSON, no files.

Their expectations look up their own configuration once for all keys; what they answer is the library's. The library
writes an expectation's whole configuration anew for each key that it is asked for, and a check on one column is asked
for some fifteen keys a dozen times: a third of the processor time of a run on one workbook.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from expectations.engine.custom import expectation_class
from expectations.engine.library import library, parse_result_format
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


@lru_cache
def quick(base: Any) -> Any:
    """A class of expectations that answers as this one does, registered under a name of its own."""
    return type(base)(f"Quick{base.__name__}", (_LooksUpOnce, base), {"__module__": __name__, "__doc__": base.__doc__})


class _LooksUpOnce:
    """Before a class of expectations in its bases: the three dictionaries of its arguments, from one look each."""

    def _get_domain_kwargs(self: Any) -> dict[str, Any]:
        return _values(self, self.domain_keys)

    def _get_success_kwargs(self: Any) -> dict[str, Any]:
        return _values(self, (*self.success_keys, *self.domain_keys))

    def _get_runtime_kwargs(self: Any, runtime_configuration: dict[str, Any] | None = None) -> dict[str, Any]:
        found = _values(self, (*self.runtime_keys, *self.success_keys, *self.domain_keys))
        given = {key: value for key, value in (runtime_configuration or {}).items() if key in self.runtime_keys}
        fixed = {*self.success_keys, *self.domain_keys}
        found |= {key: value for key, value in given.items() if key not in fixed}
        return found | {"result_format": parse_result_format(found["result_format"])}


def _values(expectation: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    own = expectation.configuration.kwargs
    return {key: own[key] if key in own else expectation._get_default_value(key) for key in keys}
