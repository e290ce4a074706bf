"""A real SMTP server on loopback for the replay: takes every mail and keeps it as a file."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class _Keep:
    """Keeps each received message in its folder, numbered in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.received = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received += 1
        header = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos).encode()
        (self.folder / f"{self.received:04d}.eml").write_bytes(header + envelope.original_content)
        return "250 Message accepted for delivery"


class MailServer:
    """A running server: where it listens and how many messages it took."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._keep = _Keep(folder)
        self.port = _free_port()
        self._controller = Controller(self._keep, hostname=HOST, port=self.port, ready_timeout=30)

    def start(self) -> None:
        """Listen on a free port of the loopback address."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    @property
    def received(self) -> int:
        """How many messages it took."""
        return self._keep.received


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """A server that runs while the block does."""
    server = MailServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
