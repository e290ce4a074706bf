"""A flow run by hand: in this process, by the very function that the schedule runs."""

from typing import Any

from baocao.workspace.workspace import open_workspace
from deployments.environment import find_server, prepare_prefect


def run_flow(name: str, **parameters: Any) -> None:
    """Run the very flow that the schedule runs, in this process, on the server of ``serve`` where one runs.

    Raises:
        OutsideServiceError: Prefect's server cannot be reached, or went away; what was done before is stored.
    """
    workspace = open_workspace()
    find_server(workspace.home)
    prepare_prefect(workspace.settings)
    from deployments.by_hand import run_by_hand  # noqa: PLC0415 - Prefect reads its settings when it is imported

    run_by_hand(name, parameters)
