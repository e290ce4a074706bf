"""The watch under ``serve``; run with ``python -m``. It ends when its parent closes its standard input, or is gone."""

import os
import sys
from threading import Event, Thread

from baocao.workspace.workspace import open_workspace
from deployments.logs import set_logging
from deployments.watching.alone import alone
from deployments.watching.watching import leave_when_told, watch_all

_STAND_BY_SECONDS = 5.0


def main() -> None:
    """Watch until asked to end; where a ``baocao watch`` is at it already, stand by until that one ends."""
    set_logging(is_debugging=False)
    workspace, leaving = open_workspace(), Event()
    leave_when_told(leaving)
    Thread(target=_leave_with_parent, args=(leaving,), name="parent", daemon=True).start()
    while not leaving.is_set():
        with alone(workspace.home) as is_alone:
            if is_alone:
                watch_all(workspace, leaving)
        leaving.wait(_STAND_BY_SECONDS)
    os._exit(0)  # threads that listen to the kernel or to a server cannot be told


def _leave_with_parent(leaving: Event) -> None:
    sys.stdin.buffer.read()
    leaving.set()


if __name__ == "__main__":
    main()
