"""Flows run by hand: in this process, by the very functions that the schedule runs."""

from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

from baocao.workspace.workspace import open_workspace
from deployments.by_hand.server import ensure_server
from deployments.environment import find_server, prepare_prefect


def run_flow(name: str, **parameters: Any) -> None:
    """Run the very flow that the schedule runs, in this process, on the server of ``serve`` where one runs.

    Raises:
        OutsideServiceError: Prefect's server cannot be reached, or went away; what was done before is stored.
    """
    _runs().run_by_hand(name, parameters)


def many_runs(*names: str) -> AbstractContextManager[None]:
    """What many runs of these flows, one after the other, have in common is done once, around them.

    Raises:
        OutsideServiceError: Prefect's server cannot be reached.
    """
    around: AbstractContextManager[None] = _runs().many_runs(*names)
    return around


def _runs() -> ModuleType:
    workspace = open_workspace()
    find_server(workspace.home)
    prepare_prefect(workspace.settings)
    ensure_server()
    from deployments.by_hand import runs  # noqa: PLC0415 - Prefect reads its settings when it is imported

    return runs
