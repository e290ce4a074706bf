"""Việc: what the calendar makes due."""

from baocao.domain.labelled import Labelled


class Job(Labelled):
    """What can be due, in the order in which it is done at one moment; the values are the flows' names in code."""

    # At the opening: each unit's pre-filled form is laid down and mailed.
    SEND_TEMPLATES = "send_templates", "Gửi biểu mẫu"
    # While the period is open: what waits is taken in, checked and answered.
    COLLECT = "collect", "Thu báo cáo"
    # Before the deadline: units without an accepted report are written to.
    REMIND = "remind", "Nhắc nộp"
    # At the close: the coordinator learns who has none.
    ESCALATE = "escalate", "Báo chưa nộp"
    # After the close: the figures are consolidated, rendered, approved where asked, and mailed.
    REPORT = "report", "Báo cáo tổng hợp"
