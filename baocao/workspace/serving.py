"""What a home knows of the ``baocao serve`` that runs in it: where Prefect's server answers, whose process it is."""

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from baocao.system import lease
from baocao.system.files import write_atomically

LOCK = ".serve.lock"
_RECORD = "serve.json"
_HOLDER = re.compile(r"[^|\n]+\|\d+\|[-\d.]+")


@dataclass(frozen=True, slots=True)
class Serving:
    """A running ``serve``. ``address`` is that of the API; ``server`` and ``serve`` name processes, as a lease does."""

    address: str
    server: str
    serve: str

    @property
    def port(self) -> int:
        """The port that the server was given."""
        return int(self.address.removesuffix("/api").rpartition(":")[2])

    @property
    def server_pid(self) -> int:
        """The server's process number."""
        return int(self.server.split("|")[1])


def note_serving(home: Path, serving: Serving) -> None:
    """Write down who serves this home; replaces what stood there."""
    write_atomically(home / _RECORD, json.dumps(asdict(serving)).encode())


def read_serving(home: Path) -> Serving | None:
    """Who serves this home, or did last; None where nobody ever did, or the note is spoilt."""
    with suppress(OSError, ValueError, TypeError):
        return Serving(**json.loads((home / _RECORD).read_bytes()))
    return None


def forget_serving(home: Path) -> None:
    """Nobody serves this home any more."""
    (home / _RECORD).unlink(missing_ok=True)


def holder_of(home: Path) -> str:
    """The process that serves this home, named as a lease does; it may have died since. Empty where it left in order.

    It stands in the file that ``serve`` keeps locked, which is not touched here: a look would stop one that starts.
    """
    with suppress(OSError):
        told = (home / LOCK).read_text(encoding="utf-8", errors="replace")
        return told if _HOLDER.fullmatch(told) else ""
    return ""


def living_server(home: Path) -> Serving | None:
    """The server of this home, where it is alive, ours, and the one that listens on its port."""
    found = read_serving(home)
    if found is None or not lease.is_of_this_machine(found.server) or lease.is_gone(found.server):
        return None
    return found if owns_port(found.server_pid, found.port) else None


def owns_port(pid: int, port: int) -> bool:
    """Whether this process listens on the port; of another user's process, which shows nothing, it is believed."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.AccessDenied:
        return True
    except psutil.NoSuchProcess:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)
