"""What a command and the fork server of its home say to each other, on a socket that is this user's alone.

The server says ``HERE`` first, so that nobody hands open files to one that is stuck. The command sends its three
streams and its folder as open files, and one line of JSON: how it was called. The server answers ``TAKEN`` or closes
the socket. Then each byte of the command is a signal for what runs, and the server's last word is its exit code,
negative for a signal, as four bytes.
"""

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

SOCKET = ".fork-server.sock"
HERE, TAKEN = b"?", b"+"
CODE = struct.Struct("!i")
STREAMS = INPUT, OUTPUT, ERRORS = 0, 1, 2
"""The standard streams; the folder comes after them."""
PASSED_ON = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
"""What ends a command unless its caller ignores it, as ``nohup`` has it."""
_PACKAGES = ("baocao", "expectations", "tasks", "flows", "deployments")
_SETTINGS_FILES = {"prefect.toml": "=", "pyproject.toml": "[tool.prefect", ".env": "="}
"""What stands in each of these files where it sets anything for Prefect or us."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a command was called: its words, and what of its process bears on what it does."""

    program: str
    package: str | None
    words: list[str]
    environment: dict[str, str]
    umask: int
    ignored: list[int]
    encoding: str
    errors: str
    code: str
    files: list[str]
    namespaces: list[str]

    @classmethod
    def of_this_process(cls, words: Sequence[str]) -> Self:
        """This process's, for these words."""
        os.umask(mask := os.umask(0))
        return cls(
            program=sys.argv[0],
            package=sys.modules["__main__"].__package__,
            words=[*words],
            environment={**os.environ},
            umask=mask,
            ignored=[number for number in PASSED_ON if signal.getsignal(number) is signal.SIG_IGN],
            encoding=sys.stdout.encoding,
            errors=sys.stdout.errors or "strict",
            code=code_stamp(),
            files=settings_files(),
            namespaces=namespaces(),
        )

    def send(self, connection: socket.socket) -> None:
        """Send it with this process's streams and folder.

        Raises:
            OSError: a stream is closed, or nobody listens.
        """
        folder = os.open(".", os.O_PATH | os.O_DIRECTORY)
        try:
            socket.send_fds(connection, [b"\n"], [*STREAMS, folder])
        finally:
            os.close(folder)
        connection.sendall(json.dumps(asdict(self)).encode() + b"\n")

    @classmethod
    def receive(cls, connection: socket.socket) -> tuple[Self, list[int]]:
        """The call that was sent, with the numbers of its streams and of its folder.

        Raises:
            OSError, ValueError, TypeError: what was sent is no call.
        """
        _, files, _, _ = socket.recv_fds(connection, 1, len(STREAMS) + 1)
        with connection.makefile("rb") as sent:
            call = cls(**json.loads(sent.readline()))
        if len(files) != len(STREAMS) + 1:
            raise ValueError(f"{len(files)} files instead of {len(STREAMS) + 1}")
        return call, files


@contextmanager
def socket_path(home: Path) -> Iterator[str]:
    """The socket's path, short however deep the home lies: a socket's address has room for a hundred bytes.

    Raises:
        OSError: there is no such home.
    """
    folder = os.open(home, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)


def is_own(connection: socket.socket) -> bool:
    """Whether the other end is a process of this very user."""
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, group = struct.unpack("3i", told)
    return (user, group) == (os.geteuid(), os.getegid())


def code_stamp() -> str:
    """Which installation this is, and how new its sources are: a command is never run by other code than its own."""
    root = Path(__file__).parents[2]
    sources = (source for package in _PACKAGES for source in (root / package).rglob("*.py"))
    return f"{sys.prefix}|{root}|{max(source.stat().st_mtime_ns for source in sources)}"


def settings_files() -> list[str]:
    """The texts of the current folder's files that set anything; they are read at import."""
    texts = {name: _text(Path(name)) for name in _SETTINGS_FILES}
    return [text for name, text in texts.items() if _SETTINGS_FILES[name] in text]


def namespaces() -> list[str]:
    """What this process sees of the machine: a service with a /tmp of its own sees other files than who calls it."""
    return [str(Path("/proc/self/ns", kind).readlink()) for kind in ("mnt", "net", "pid", "user")]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
