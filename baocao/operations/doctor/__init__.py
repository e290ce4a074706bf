"""Khám máy: everything that the house stands on, looked at without changing anything, and how to mend what is wrong."""

from baocao.operations.doctor.check import Check, Level, exit_code
from baocao.operations.doctor.examine import examine

__all__ = ["Check", "Level", "examine", "exit_code"]
