"""What ``run_flow`` does once Prefect may be imported."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from httpx import HTTPStatusError, TransportError
from prefect.context import SyncClientContext
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS,
    temporary_settings,
)

from baocao.intake.sources import has_waiting
from baocao.system.collector import few_collections
from baocao.system.errors import OutsideServiceError
from baocao.system.proxies import proxy_hint
from baocao.workspace.workspace import open_workspace
from deployments.by_hand.server import NotUpError, own_server

_CHECKING = ("collect", "catch_up")
_JUDGING = "expectations.judging"


def run_by_hand(name: str, parameters: Mapping[str, Any]) -> None:
    """Run a flow on the server that ``PREFECT_API_URL`` names, or on one that lives as long as this process.

    Raises:
        OutsideServiceError: the server cannot be reached, or went away; what was done before is stored.
    """
    with _without_heartbeats(), _server_told_of():
        with few_collections():
            flow = _loaded(name)
        _wait_for_server()
        flow(**parameters)


@contextmanager
def many_runs(*names: str) -> Iterator[None]:
    """Around many runs of these flows: what each would do anew for itself is done once.

    The server comes up while all libraries are loaded, one client speaks with it, Prefect's settings are made anew
    once, the site is built once at the end, garbage is looked for seldom.

    Raises:
        OutsideServiceError: the server cannot be reached.
    """
    with ExitStack() as around:
        around.enter_context(_without_heartbeats())
        around.enter_context(few_collections())
        with _server_told_of():
            for name in names:
                import_module(f"flows.{name}")
            import_module(_JUDGING)
            _wait_for_server()
            around.enter_context(SyncClientContext.get_or_create())
        around.enter_context(import_module("tasks.site").built_once())
        yield


@contextmanager
def _without_heartbeats() -> Iterator[None]:
    """Where this process has a server of its own, nobody listens for heartbeats; ending them takes a second a flow."""
    if own_server() is None or PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() is None:
        yield
        return
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


@contextmanager
def _server_told_of() -> Iterator[None]:
    """Prefect's server that fails within is told of in our words."""
    try:
        yield
    except Exception as error:
        if not _is_of_the_server(error):
            raise
        address = "" if own_server() else PREFECT_API_URL.value() or ""
        raise OutsideServiceError(
            f"Không liên lạc được máy chủ Prefect ({address or 'chạy kèm'}): {error}."
            f"{proxy_hint(address)} Việc đã làm vẫn được giữ; hãy khởi động máy chủ, "
            "hoặc bỏ PREFECT_API_URL, rồi chạy lại."
        ) from error


def _wait_for_server() -> None:
    """Until our own server is up, which flows then find."""
    if server := own_server():
        server.wait(PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value())


def _is_of_the_server(error: Exception) -> bool:
    """Whether Prefect's own server failed; where it is not reached, Prefect wraps what httpx raised."""
    found = error.__cause__ if type(error) is RuntimeError else error
    if isinstance(found, HTTPStatusError):
        return found.response.is_server_error
    return isinstance(found, NotUpError | TransportError)


def _loaded(name: str) -> Callable[..., Any]:
    """The flow, with what it would load on its way; its module's name is the command's."""
    flow: Callable[..., Any] = getattr(import_module(f"flows.{name}"), name)
    if name in _CHECKING and has_waiting(open_workspace()):
        import_module(_JUDGING)
    return flow
