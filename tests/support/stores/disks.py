"""A disk that is really full: a small file system where one can be mounted, else a limit on this process's files."""

import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


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
            yield Disk(place, "tệp quá lớn")
        return
    try:
        yield Disk(place, "đĩa đầy")
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


@contextmanager
def filled(disk: Disk, family: list[psutil.Process]) -> Iterator[None]:
    """No room is left for the length of the block: on this disk, or where it is none, for what these processes do."""
    filler = disk.place / "day-dia.tmp"
    if disk.place.is_mount():
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 12))
        yield
        filler.unlink()
        return
    limits = {one: one.rlimit(resource.RLIMIT_FSIZE) for one in family if one.is_running()}
    for one, (_, hard) in limits.items():
        one.rlimit(resource.RLIMIT_FSIZE, (1 << 12, hard))
    yield
    for one, before in limits.items():
        if one.is_running():
            one.rlimit(resource.RLIMIT_FSIZE, before)


def tick(path: Path) -> None:
    """Wait until the file system's clock gives another time than a file's."""
    probe = path.with_name(".dong-ho.tmp")
    while True:
        probe.write_bytes(b"")
        if probe.stat().st_ctime_ns > path.stat().st_ctime_ns:
            probe.unlink()
            return
        time.sleep(0.001)
