"""A line between a mail client and its server that can be cut, frozen or listened into."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Change = Callable[[bytes], bytes]


class Line:
    """A proxy on loopback: cuts, or freezes, after so many bytes from the server."""

    def __init__(self, target: int, cut_after: int | None, freeze_after: int | None, change: Change) -> None:
        self._target = target
        self._cut_after, self._freeze_after, self._change = cut_after, freeze_after, change
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [client, server]
                threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
                threading.Thread(target=self._back, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                server.sendall(data)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(65536):
                if self._freeze_after is not None and passed + len(data) > self._freeze_after:
                    return
                if self._cut_after is not None and passed + len(data) > self._cut_after:
                    client.sendall(data[: max(0, self._cut_after - passed)])
                    break
                passed += len(data)
                client.sendall(self._change(data))
            for one in (client, server):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of everything."""
        for one in (self._listener, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def line(
    target: int, *, cut_after: int | None = None, freeze_after: int | None = None, change: Change = bytes
) -> Iterator[Line]:
    """A line to the server on this port for the length of the block."""
    running = Line(target, cut_after, freeze_after, change)
    try:
        yield running
    finally:
        running.close()
