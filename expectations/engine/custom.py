"""Expectations that Great Expectations does not ship."""

from typing import Any, ClassVar

from expectations.engine.library import (
    ColumnPairMapExpectation,
    ColumnPairMapMetricProvider,
    PandasExecutionEngine,
    column_pair_condition_partial,
    expectation_of_the_library,
)

_PAIR_DOMAIN = ("batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")
_EXPECTATION_DOMAIN = ("batch_id", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")
# A computed difference of exactly the limit may come out a hair above it.
_ROUNDING = 1e-9


class ColumnPairValuesClose(ColumnPairMapMetricProvider):
    """Row by row: whether two numbers differ by at most ``tolerance``."""

    condition_metric_name = "column_pair_values.close"
    condition_domain_keys = _PAIR_DOMAIN
    condition_value_keys = ("tolerance",)

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_A: Any, column_B: Any, tolerance: float, **_: Any) -> Any:  # noqa: N803, N805
        return (column_A - column_B).abs() <= tolerance + _ROUNDING


class ExpectColumnPairValuesToBeClose(ColumnPairMapExpectation):
    """Expect column A to be within ``tolerance`` (in the columns' own unit) of column B."""

    tolerance: float = 0.0
    ignore_row_if: str = "either_value_is_missing"

    domain_keys: ClassVar[tuple[str, ...]] = _EXPECTATION_DOMAIN  # type: ignore[assignment]
    map_metric: ClassVar[str] = "column_pair_values.close"
    success_keys: ClassVar[tuple[str, ...]] = ("tolerance", "mostly")


class ColumnPairChangeWithin(ColumnPairMapMetricProvider):
    """Row by row: whether the way from column B (before) to column A (now) is within bounds."""

    condition_metric_name = "column_pair_values.change_within"
    condition_domain_keys = _PAIR_DOMAIN
    condition_value_keys = ("max_rise", "max_fall", "is_relative")

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805
        column_A: Any,  # noqa: N803
        column_B: Any,  # noqa: N803
        max_rise: float | None,
        max_fall: float | None,
        is_relative: bool,
        **_: Any,
    ) -> Any:
        change = column_A - column_B
        if is_relative:
            change = (change / column_B).where(column_B != 0, 0.0)
        rise = float("inf") if max_rise is None else max_rise + _ROUNDING
        fall = float("inf") if max_fall is None else max_fall + _ROUNDING
        return (change <= rise) & (change >= -fall)


class ExpectColumnPairChangeToBeWithin(ColumnPairMapExpectation):
    """Expect column A to have risen from column B by at most ``max_rise`` and fallen by at most ``max_fall``.

    In the columns' own unit, or, when ``is_relative``, as a share of column B; a row whose column B is 0 then passes.
    A bound of None is no bound.
    """

    max_rise: float | None = None
    max_fall: float | None = None
    is_relative: bool = False
    ignore_row_if: str = "either_value_is_missing"

    domain_keys: ClassVar[tuple[str, ...]] = _EXPECTATION_DOMAIN  # type: ignore[assignment]
    map_metric: ClassVar[str] = "column_pair_values.change_within"
    success_keys: ClassVar[tuple[str, ...]] = ("max_rise", "max_fall", "is_relative", "mostly")


def expectation_class(name: str) -> Any:
    """The class of this name: ours, or one that Great Expectations ships.

    Raises:
        AttributeError: there is none.
    """
    return globals().get(name) or expectation_of_the_library(name)
