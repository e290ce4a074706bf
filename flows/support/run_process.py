"""Which process does a run: noted with the run, so that it is known for dead when its process is gone."""

from typing import Any

from prefect.client.orchestration import get_client

from baocao.system.lease import this_process

PROCESS = "baocao.process"


def note_process(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - as Prefect calls it
    """Prefect's hook: note this process with a run that begins."""
    with get_client(sync_client=True) as client:
        client.update_flow_run_labels(flow_run.id, {PROCESS: this_process()})
