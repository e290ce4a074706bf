"""What we take of Great Expectations, from here alone: it is imported in a third of its time, whoever asks first."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from pydantic.v1 import main
from pydantic.v1.fields import FieldInfo, ModelField

from baocao.system.collector import few_collections
from baocao.system.postponed import is_promised, kept, kept_out, postponed

_models: Any = main
_ASSET_MODELS = "great_expectations.datasource.fluent.dynamic_pandas"
_UNUSED = r"""great_expectations\.(
    datasource\.fluent\.( (?!pandas_datasource|invalid_datasource)\w+_datasource | fabric )
  | datasource\.fluent\.data_asset
  | datasource\.fluent\.data_connector\.(azure|dbfs|google|s3)\w+
  | expectations\.core\.expect_(?!
        column_values_to_(not_be_null|be_null|be_between|be_in_set)$
      | column_pair_values_(a_to_be_greater_than_b|to_be_equal)$ )\w+
  | expectations\.metrics\.(column_aggregate|multicolumn_map|query)_metrics
  | expectations\.metrics\.column_map_metrics\.(?!column_values_(non_null|null|in_set|between)$)\w+
  | expectations\.metrics\.column_pair_map_metrics\.(?!column_pair_values_(equal|greater)$)\w+
  | metrics\.(batch|column|column_pair|multi_column|query)
  | experimental
)(\..*)?"""
"""Data sources but frames of pandas, expectations and metrics but those of our rules: hundreds of models."""


@contextmanager
def imported_quickly() -> Iterator[None]:
    """Import the library within; what it does for us it does as if it had been imported without.

    It makes classes by the hundred, so the garbage collector looks seldom. What it imports for expectations and pages
    that nobody asks it for is put off; what it has for other sources of data and for rules that we do not have, is
    kept out, and pandas' readers of files get no models. Those of its models that remain inherit their fields by a deep
    copy of each, down to every annotation and validator: within, a model gets fields of its own that share what never
    changes.
    """
    inherited, _models.smart_deepcopy = _models.smart_deepcopy, _own_fields
    try:
        with few_collections(), postponed("altair", "scipy.stats", "jsonschema", "mistune"), _without_readers():
            yield
    finally:
        _models.smart_deepcopy = inherited


@contextmanager
def _without_readers() -> Iterator[None]:
    """Within, the library makes no model of each reader of files in pandas: it does without where there is none."""
    before, none = sys.modules.get(_ASSET_MODELS), ModuleType(_ASSET_MODELS)
    none.__dict__["_generate_pandas_data_asset_models"] = lambda *_, **__: {}
    sys.modules[_ASSET_MODELS] = none
    try:
        yield
    finally:
        del sys.modules[_ASSET_MODELS]
        if before is not None:
            sys.modules[_ASSET_MODELS] = before


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


with imported_quickly(), kept_out(f"(?x){_UNUSED}") as _kept_out:
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


def expectation_of_the_library(name: str) -> Any:
    """One of the expectations that it ships; where it was kept out, all that was is loaded: it asks for its metrics.

    Raises:
        AttributeError: there is none.
    """
    found = getattr(stock, name)
    if not is_promised(found):
        return found
    for module in _kept_out:
        import_module(module)
    return kept(found)


__all__ = [
    "ColumnPairMapExpectation",
    "ColumnPairMapMetricProvider",
    "DataContextConfig",
    "Expectation",
    "InMemoryStoreBackendDefaults",
    "PandasExecutionEngine",
    "ProgressBarsConfig",
    "column_pair_condition_partial",
    "expectation_of_the_library",
    "library",
    "parse_result_format",
]
