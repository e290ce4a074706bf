"""Việc: what the calendar makes due."""

from enum import StrEnum


class Job(StrEnum):
    """What can be due, in the order in which it is done at one moment; the values are the flows' names in code."""

    SEND_TEMPLATES = "send_templates"
    COLLECT = "collect"
    REMIND = "remind"
    ESCALATE = "escalate"
    REPORT = "report"

    @property
    def label(self) -> str:
        """The job for people."""
        return {
            "send_templates": "Gửi biểu mẫu",
            "collect": "Thu báo cáo",
            "remind": "Nhắc nộp",
            "escalate": "Báo chưa nộp",
            "report": "Báo cáo tổng hợp",
        }[self]
