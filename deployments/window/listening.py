"""The window on its port, until this process is told to end."""

import socket

import uvicorn

from baocao.workspace.workspace import Workspace
from deployments.window.place import address_of
from deployments.window.prefect_works import PrefectWorks
from portal.app import build_app
from portal.room.house import House
from portal.warming import warm

_MOST_AT_ONCE = 200
_LEAVING_SECONDS = 10


def listen(workspace: Workspace, port: socket.socket) -> None:
    """Answer browsers until told to end; forwarded headers count from the proxies that the settings name alone."""
    settings = workspace.settings
    house = House(workspace, address_of(settings), PrefectWorks(workspace))
    _ = house.seal  # made before anybody comes
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(house),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.portal_proxies),
            forwarded_allow_ips=settings.portal_proxies or None,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=_LEAVING_SECONDS,
        )
    )
    warm(workspace)
    print(f"Cửa sổ web: {house.address}", flush=True)
    server.run(sockets=[port])
