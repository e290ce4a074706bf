"""One call at the fork server: a process that minds the command, and the command's own."""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Literal, Self

from baocao.workspace.serving import living_server
from baocao.workspace.settings import load_settings
from deployments.environment import prefect_defaults
from deployments.fork_server.talk import (
    CODE,
    ERRORS,
    HERE,
    INPUT,
    OUTPUT,
    PASSED_ON,
    STREAMS,
    TAKEN,
    Call,
    code_stamp,
    is_own,
    namespaces,
    settings_files,
)

_PREFECT = "PREFECT_"
_OURS = ("BAOCAO_TASK_RUNNER", "BAOCAO_DASK_ADDRESS", "BAOCAO_WORKERS")
"""Those of our settings that flows read when they are imported."""
_AT_A_SIGNAL = dict.fromkeys(PASSED_ON, signal.SIG_DFL) | {signal.SIGINT: signal.default_int_handler}
"""As the interpreter has it where nobody told it to ignore them."""
_FOUND = ("PREFECT_API_URL", "PREFECT_SERVER_", "PREFECT_API_DATABASE_CONNECTION_URL")
"""Where Prefect's server is, which a command finds out by itself, and what bears on that server alone."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the fork server has imported, and by which settings that are read at import."""

    home: Path
    code: str
    prefect: Mapping[str, str]
    ours: list[str | None]
    files: list[str]

    @classmethod
    def now(cls, home: Path) -> Self:
        """By this process's environment; taken before anything is imported."""
        return cls(home, code_stamp(), _prefect(os.environ), _ours(os.environ), settings_files())

    def fits(self, call: Call) -> bool:
        """Whether a process of its own would do for this call just what a fork of this one does."""
        server = living_server(self.home)
        if server is None or server.address != self.prefect.get("PREFECT_API_URL") or call.namespaces != namespaces():
            return False
        told = _prefect(call.environment)
        would_be = prefect_defaults(load_settings()) | told
        return (
            (call.code, call.files, _ours(call.environment)) == (self.code, self.files, self.ours)
            and all(self.prefect.get(name) == value for name, value in told.items())
            and all(would_be.get(name) == self.prefect[name] for name in self.prefect if not name.startswith(_FOUND))
        )


def attend(connection: socket.socket, loaded: Loaded) -> tuple[Call, list[int]]:
    """Fork the command, mind it to its end, and leave; in the forked process: the call, with the caller's files.

    A call that is none, of another user, or that does not fit is left unanswered.
    """
    with suppress(OSError, ValueError, TypeError):
        if is_own(connection):
            connection.sendall(HERE)
            call, files = Call.receive(connection)
            if loaded.fits(call):
                connection.sendall(TAKEN)  # fails where the caller has given up, and does it itself
                command = os.fork()
                if command == 0:
                    return call, files
                _mind(connection, command, files)
    os._exit(0)


def _mind(connection: socket.socket, command: int, files: list[int]) -> None:
    """Pass on the signals that come; a command whose caller is gone ends at once, as its caller did."""
    for file in (*STREAMS, *files):
        os.close(file)
    end = os.pidfd_open(command)
    while end not in select.select([connection.fileno(), end], [], [])[0]:
        for number in connection.recv(CODE.size) or [signal.SIGKILL]:
            signal.pidfd_send_signal(end, number)
    _, status = os.waitpid(command, 0)
    connection.sendall(CODE.pack(os.waitstatus_to_exitcode(status)))


def become(call: Call, files: list[int]) -> None:
    """Take on the caller's streams, folder, environment, words, and what it does at signals."""
    *streams, folder = files
    for number, file in enumerate(streams):
        os.dup2(file, number)
    os.fchdir(folder)
    for file in files:
        os.close(file)
    os.umask(call.umask)
    for number in PASSED_ON:
        signal.signal(number, signal.SIG_IGN if number in call.ignored else _AT_A_SIGNAL[number])
    os.environ.clear()
    os.environ.update(call.environment)
    time.tzset()
    sys.argv[:] = [call.program, *call.words]
    sys.modules["__main__"].__package__ = call.package
    sys.stdin = _stream(INPUT, "rb", call.encoding, call.errors)
    sys.stdout = _stream(OUTPUT, "wb", call.encoding, call.errors)
    sys.stderr = _stream(ERRORS, "wb", call.encoding, "backslashreplace")


def _stream(number: int, mode: Literal["rb", "wb"], encoding: str, errors: str) -> TextIOWrapper:
    """As the interpreter opens it: what a person reads, or reads of errors, comes line by line."""
    by_line = number == ERRORS or os.isatty(number) or "PYTHONUNBUFFERED" in os.environ
    opened = open(number, mode, closefd=False)  # noqa: SIM115 - as long as the process
    return TextIOWrapper(opened, encoding, errors, line_buffering=by_line)


def _prefect(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_PREFECT)}


def _ours(environment: Mapping[str, str]) -> list[str | None]:
    return [environment.get(name) for name in _OURS]
