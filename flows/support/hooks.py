"""What Prefect calls around every run of a flow."""

from typing import Any

from flows.support.alerts import alert_operators, settle
from flows.support.run_process import note_process

HOOKS: dict[str, Any] = {
    "on_running": [note_process],
    "on_completion": [settle],
    "on_failure": [alert_operators],
    "on_crashed": [alert_operators],
}
"""The run's process is noted; a run that ends well mends what was wrong, one that does not is told to the operators."""
