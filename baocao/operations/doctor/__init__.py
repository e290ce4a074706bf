"""Khám máy: everything that the house stands on, looked at without changing anything, and how to mend what is wrong."""

from baocao.operations.doctor.check import Diagnosis, Level, exit_code
from baocao.operations.doctor.examine import examine

__all__ = ["Diagnosis", "Level", "examine", "exit_code"]
