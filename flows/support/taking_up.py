"""A collection whose process was lost is begun anew at once: what it was taking in waits for no later arrival."""

from typing import Any

from prefect.client.orchestration import get_client

AGAIN = "làm lại"
"""Marks a run that stands in for a lost one, and gets none itself: what ends every process would go on for ever."""


def collect_again(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - as Prefect calls it
    """Prefect's hook for a crashed run: one more, unless a person chose its period or moment, who decides again."""
    is_by_itself = flow_run.deployment_id is not None and not any(flow_run.parameters.values())
    if is_by_itself and AGAIN not in flow_run.tags:
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(flow_run.deployment_id, tags=[AGAIN])
