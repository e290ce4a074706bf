"""What we take of Great Expectations, from here alone: it is imported in two thirds of its time, whoever asks first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic.v1 import main
from pydantic.v1.fields import FieldInfo, ModelField

from baocao.system.collector import few_collections
from baocao.system.postponed import postponed

_models: Any = main


@contextmanager
def imported_quickly() -> Iterator[None]:
    """Import the library within; it behaves as if it had been imported without.

    It makes classes by the hundred, so the garbage collector looks seldom. What it imports for expectations and pages
    that nobody asks it for is put off. Its 372 models inherit their fields by a deep copy of each, down to every
    annotation and validator, a third of the time: within, a model gets fields of its own that share what never changes.
    """
    inherited, _models.smart_deepcopy = _models.smart_deepcopy, _own_fields
    try:
        with few_collections(), postponed("altair", "scipy.stats", "jsonschema", "mistune"):
            yield
    finally:
        _models.smart_deepcopy = inherited


def _own_fields(part: Any) -> Any:
    """A copy of a model's fields: fields and collections are new, types, functions and single values are shared."""
    kind = type(part)
    if kind is dict:
        return {key: _own_fields(value) for key, value in part.items()}
    if kind is list:
        return [_own_fields(value) for value in part]
    if kind not in (ModelField, FieldInfo):
        return part
    own = object.__new__(kind)
    for name in kind.__slots__:
        setattr(own, name, _own_fields(getattr(part, name)))
    return own


with imported_quickly():
    import great_expectations as library
    import great_expectations.expectations as stock
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import ColumnPairMapExpectation, Expectation
    from great_expectations.expectations.expectation_configuration import parse_result_format
    from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (
        column_pair_condition_partial,
    )
    from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (
        ColumnPairMapMetricProvider,
    )

__all__ = [
    "ColumnPairMapExpectation",
    "ColumnPairMapMetricProvider",
    "DataContextConfig",
    "Expectation",
    "InMemoryStoreBackendDefaults",
    "PandasExecutionEngine",
    "ProgressBarsConfig",
    "column_pair_condition_partial",
    "library",
    "parse_result_format",
    "stock",
]
