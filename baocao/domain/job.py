"""Việc: what the calendar makes due."""

from enum import StrEnum


class Job(StrEnum):
    """What can be due, in the order in which it is done at one moment; the values are the flows' names in code."""

    SEND_TEMPLATES = "send_templates"
    COLLECT = "collect"
    REMIND = "remind"
    ESCALATE = "escalate"
    REPORT = "report"
