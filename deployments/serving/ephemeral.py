"""Prefect's ephemeral server, which runs for a single command: started while the command loads what it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import Thread

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_EPHEMERAL_ENABLED


class NotUpError(Exception):
    """The server did not come up, in Prefect's words."""


@contextmanager
def server_meanwhile() -> Iterator[None]:
    """Start the server beside the block; when the block ends the server is up, and flows find it.

    It takes as long to come up as the flow's libraries take to load. Nothing is started where Prefect has a server
    already, its own of an earlier flow among them. It ends with this process, as Prefect sees to.

    Raises:
        NotUpError: it does not come up.
    """
    if PREFECT_API_URL.value() or not PREFECT_SERVER_EPHEMERAL_ENABLED.value():
        yield
        return
    failures: list[Exception] = []

    def start() -> None:
        try:
            with get_client(sync_client=True):  # the first client of a process without a server starts one
                return
        except Exception as error:  # noqa: BLE001 - told below, by the thread that waits
            failures.append(error)

    # A daemon: Prefect waits minutes for a server that was told to end, and whoever stops the command need not.
    starting = Thread(target=copy_context().run, args=(start,), name="prefect-server", daemon=True)
    starting.start()
    yield
    starting.join()
    if failures:
        raise NotUpError(str(failures[0])) from failures[0]
