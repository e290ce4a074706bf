"""Sample submissions for any plan («số liệu mô phỏng»): who sends what and when, and the workbooks themselves."""

from deployments.sample.scenario import scenario
from deployments.sample.sending import Sending, write

__all__ = ["Sending", "scenario", "write"]
