"""A flow run by hand: in this process, by the very function that the schedule runs."""

from collections.abc import Callable
from typing import Any

from baocao.system.errors import OutsideServiceError
from baocao.system.proxies import proxy_hint

_CHECKING = ("collect", "catch_up")


_LIBRARIES = {"report": ("pandas", "matplotlib.figure", "docxtpl", "openpyxl", "typst")}


def run_flow(name: str, **parameters: Any) -> None:
    """Run the very flow that the schedule runs, in this process, on the server of ``serve`` where one runs.

    Without a server of its own nobody listens for its heartbeats, and stopping them takes a second a flow.

    Raises:
        OutsideServiceError: Prefect's server cannot be reached, or went away; what was done before is stored.
    """
    from baocao.workspace.workspace import open_workspace
    from deployments.environment import find_server, prepare_prefect
    from deployments.serving.ephemeral import server_meanwhile

    find_server(open_workspace().home)
    prepare_prefect(open_workspace().settings)
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings(updates={} if PREFECT_API_URL.value() else {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            with server_meanwhile():
                flow = _loaded(name)
            flow(**parameters)
        except Exception as error:
            if not _is_of_the_server(error):
                raise
            raise OutsideServiceError(
                f"Không liên lạc được máy chủ Prefect ({PREFECT_API_URL.value() or 'chạy kèm'}): {error}."
                f"{proxy_hint(PREFECT_API_URL.value() or '')} Việc đã làm vẫn được giữ; hãy khởi động máy chủ, "
                "hoặc bỏ PREFECT_API_URL, rồi chạy lại."
            ) from error


def _is_of_the_server(error: Exception) -> bool:
    """Whether Prefect's own server failed; for the two ways in which it is not reached, Prefect has no exception."""
    from httpx import HTTPStatusError, TransportError

    if isinstance(error, HTTPStatusError):
        return error.response.is_server_error
    return isinstance(error, TransportError) or (type(error) is RuntimeError and "API" in str(error))


def _loaded(name: str) -> Callable[..., Any]:
    """The flow, with the libraries that it would load on its way."""
    from importlib import import_module

    from baocao.intake.sources import has_waiting
    from baocao.workspace.workspace import open_workspace

    flow: Callable[..., Any] = getattr(import_module(f"flows.{name}"), name)
    if name in _CHECKING and has_waiting(open_workspace()):
        from expectations.library import great_expectations

        great_expectations()
    for library in _LIBRARIES.get(name, ()):
        import_module(library)
    return flow
