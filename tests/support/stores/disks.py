"""A disk that is really full: a small file system where one can be mounted, else a limit on this process's files."""

import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """A folder in which little can be written, and what the system says when it is too much."""

    place: Path
    reason: str


@contextmanager
def small(place: Path, size: int) -> Iterator[Disk]:
    """A disk of so many bytes at this place for the length of the block. Mounting needs root."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        with limited(size):
            yield Disk(place, "File too large")
        return
    try:
        yield Disk(place, "No space left on device")
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file that this process writes, and none of the processes that it starts, may grow beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def tick(path: Path) -> None:
    """Wait until the file system's clock gives another time than a file's."""
    probe = path.with_name(".dong-ho.tmp")
    while True:
        probe.write_bytes(b"")
        if probe.stat().st_ctime_ns > path.stat().st_ctime_ns:
            probe.unlink()
            return
        time.sleep(0.001)
