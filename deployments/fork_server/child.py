"""The fork server beside ``serve``; run with ``python -m``. It ends when its parent closes its standard input.

As a service of its own, where that is no pipe, it ends when it is told to.

When it forks, it has no thread of its own and nothing of ours is open: what it has is imported modules.
"""

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from stat import S_ISFIFO

from baocao.system.collector import few_collections
from baocao.workspace.serving import living_server
from baocao.workspace.settings import load_settings
from deployments.dispatch import run
from deployments.environment import find_server, prepare_prefect
from deployments.fork_server.minding import Loaded, attend, become
from deployments.fork_server.talk import INPUT, Call, socket_path

LOADED_AFTER_SECONDS = 30.0
"""First ``serve`` itself comes up, and what is overdue begins."""
MODULES = (
    "deployments.by_hand.runs",
    "deployments.commands.cycle",
    "deployments.commands.reports.making",
    "deployments.commands.workbook",
    "expectations.judging",
    "flows.catch_up",
    "flows.escalate",
    "flows.remind",
    "flows.report",
    "flows.send_templates",
)
_ONLY_OWN = 0o177
_WAITING_CALLS = 16


def main(after: float = LOADED_AFTER_SECONDS) -> None:
    """Fork for each command until asked to end; ``after`` so many seconds everything is loaded."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    home = load_settings().home
    if not _is_served(home, after):
        return
    find_server(home)
    prepare_prefect(load_settings())
    loaded = Loaded.now(home)
    with few_collections():
        for module in MODULES:
            import_module(module)
    gc.freeze()
    with _door(home) as door:
        called = _next_call(door, loaded)
    if called:
        become(*called)
        sys.exit(run(called[0].words))


def _is_served(home: Path, after: float) -> bool:
    """Wait so many seconds, and on until somebody serves the home; False where the parent is gone before."""
    while not (is_left := _is_left(after)) and living_server(home) is None:
        pass
    return not is_left


def _is_left(within: float | None, *others: socket.socket) -> bool:
    """Whether the parent is gone, which holds our input open, as soon as it or one of the others says anything."""
    parent = [INPUT] if S_ISFIFO(os.fstat(INPUT).st_mode) else []
    return INPUT in select.select([*parent, *(one.fileno() for one in others)], [], [], within)[0]


@contextmanager
def _door(home: Path) -> Iterator[socket.socket]:
    """The socket, which this user alone may open; whoever was forked leaves it in its place."""
    own = os.getpid()
    with socket_path(home) as path, socket.socket(socket.AF_UNIX) as door:
        Path(path).unlink(missing_ok=True)
        mask = os.umask(_ONLY_OWN)
        try:
            door.bind(path)
        finally:
            os.umask(mask)
        door.listen(_WAITING_CALLS)
        try:
            yield door
        finally:
            if os.getpid() == own:
                Path(path).unlink(missing_ok=True)


def _next_call(door: socket.socket, loaded: Loaded) -> tuple[Call, list[int]] | None:
    """In a process that is forked for it: the call, with the caller's files. In the server: None, when it is to end."""
    while not _is_left(None, door):
        connection, _ = door.accept()
        with connection:
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                return attend(connection, loaded)
        _bury()
    return None


def _bury() -> None:
    """Take note of those who are done, so that they do not stay in the table of processes."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


if __name__ == "__main__":
    main()
