"""Great Expectations suites: what a typed batch of submissions must hold, and its findings at their cells."""

from expectations.check import check_batch

__all__ = ["check_batch"]
