"""``baocao portal``: the window as a service of its own, beside a server and workers, or without any."""

from baocao.workspace.workspace import open_workspace
from deployments.environment import find_server, prepare_prefect
from deployments.window.place import address_of, taken_port


def open_window() -> None:
    """Answer browsers until told to end. Without a server, what is handed in waits for the next collection.

    Raises:
        UsageError: the port is taken or off, or the window would be reached by an unknown address.
    """
    workspace = open_workspace()
    address_of(workspace.settings)
    with taken_port(workspace.settings) as port:
        _ = workspace.engine  # migrated, and of this plan
        find_server(workspace.home)
        prepare_prefect(workspace.settings)
        from deployments.window.listening import listen  # noqa: PLC0415 - Prefect reads its settings when it is imported

        listen(workspace, port)
