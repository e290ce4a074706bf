"""Expectations that look up their configuration once say what the library's own say."""

from typing import Any

import pytest
from support.workbooks.content import PLAN

from expectations.checks import checks_of
from expectations.engine.custom import expectation_class
from expectations.engine.library import Expectation
from expectations.engine.suites import quick
from expectations.rule import Check

FORMATS = [{}, {"result_format": {"result_format": "COMPLETE", "return_unexpected_index_query": False}, "mostly": 0.5}]
CHECKS = [check for checks in checks_of(PLAN).values() for check in checks]


def told(kind: Any, check: Check) -> list[dict[str, Any]]:
    """Its arguments, by whatever the library asks."""
    one = kind(**check.options, severity="warning", meta={"check": 3})
    asked = [one._get_runtime_kwargs(runtime_configuration=given) for given in FORMATS]
    return [one._get_domain_kwargs(), one._get_success_kwargs(), *asked]


def test_every_check_has_the_arguments_that_the_library_gives_it() -> None:
    for check in CHECKS:
        kind = expectation_class(check.expectation)
        assert told(quick(kind), check) == told(kind, check)


def test_its_configuration_leads_back_to_it() -> None:
    (check, *_) = CHECKS
    one: Any = quick(expectation_class(check.expectation))(**check.options)
    configuration = one.configuration
    assert configuration.type.startswith("quick_expect_")
    assert type(configuration.to_domain_obj()) is type(one)


def test_one_look_is_enough_for_all_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    (check, *_) = CHECKS
    one: Any = quick(expectation_class(check.expectation))(**check.options)
    looks = []
    library = Expectation.configuration.fget
    monkeypatch.setattr(Expectation, "configuration", property(lambda self: looks.append(1) or library(self)))
    one._get_runtime_kwargs()
    assert len(looks) == 1
