"""Handing large values from task to task."""

from typing import TypeVar, cast

from prefect.utilities.annotations import quote

Value = TypeVar("Value")


def whole(value: Value) -> Value:
    """A large value that Prefect is to hand to a task as it is.

    Without this, Prefect walks twice through every object within each argument, in search of futures; for a report of
    thousands of units that takes longer than to make it.
    """
    return cast(Value, quote(value))
