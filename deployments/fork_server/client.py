"""A command that lets the fork server of its home run it, as if this process did; it waits and passes signals on."""

import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from baocao.system.errors import BaocaoError
from baocao.workspace.settings import load_settings
from deployments.fork_server.talk import CODE, HERE, PASSED_ON, TAKEN, Call, is_own, socket_path

_ANSWERED_WITHIN_SECONDS = 10.0


def run_beside(words: Sequence[str]) -> int | None:
    """The exit code of the command, which the fork server ran; None where it did not, and nothing has been done.

    Where the command was ended by a signal, this process ends by the same.
    """
    with suppress(OSError, BaocaoError), socket.socket(socket.AF_UNIX) as connection:
        if _is_taken(connection, load_settings().home, words):
            return _waited(connection)
    return None


def _is_taken(connection: socket.socket, home: Path, words: Sequence[str]) -> bool:
    connection.settimeout(_ANSWERED_WITHIN_SECONDS)
    with socket_path(home) as path:
        connection.connect(path)
    if not is_own(connection) or None in (sys.stdin, sys.stdout, sys.stderr):  # None: it was closed
        return False
    if connection.recv(len(HERE)) != HERE:
        return False
    Call.of_this_process(words).send(connection)
    return connection.recv(len(TAKEN)) == TAKEN


def _waited(connection: socket.socket) -> int:
    """The command's exit code; of one that was ended so hard that nobody could tell, that of a killed one."""
    connection.settimeout(None)
    for number in PASSED_ON:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: _tell(connection, number))
    told = b""
    with suppress(ConnectionError):
        told = connection.recv(CODE.size, socket.MSG_WAITALL)
    code: int = CODE.unpack(told)[0] if len(told) == CODE.size else -signal.SIGKILL
    if code < 0:
        _end_by(-code)
    return code


def _tell(connection: socket.socket, number: int) -> None:
    with suppress(OSError):
        connection.send(bytes([number]))


def _end_by(number: int) -> None:
    with suppress(OSError):  # SIGKILL has no handler
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
