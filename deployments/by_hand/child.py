"""Prefect's server of a single command, on a socket that listens already; run with ``python -m``, its number behind.

It ends when the command closes its standard input, or is gone.
"""

import os
import signal
import socket
import sys
from threading import Thread

from prefect.server.api.server import create_app
from uvicorn import Config, Server


def main() -> None:
    """Serve until asked to end."""
    Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    app = create_app(ephemeral=True, final=True)
    with socket.socket(fileno=int(sys.argv[1])) as door:
        Server(Config(app, log_level="error", lifespan="on")).run(sockets=[door])


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
