"""A LibreOffice that stands open for all conversions of a process: one start instead of one for each file."""

import atexit
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from openpyxl import Workbook

START_SECONDS = 60
UNTIL_WE_END = '"$@" & read -r _; kill -KILL 0'
"""For a shell whose input is a pipe of ours: the program ends with us, however we end."""

CONVERT_SECONDS = (30, 60, 120)
"""For each try; a second one where the first fell over, or hangs: threads of its import may wait for one another."""


class StandingOffice:
    """LibreOffice with a profile of its own and a workbook open, which keeps it from ending after a conversion.

    Whoever calls ``soffice`` with the same profile hands his files to the one that stands there.
    """

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="soffice-"))
        self._command = ["soffice", f"-env:UserInstallation={(self._folder / 'profile').as_uri()}", "--headless"]
        self._open = self._folder / "giu-cho.xlsx"
        Workbook().save(self._open)
        self._process: subprocess.Popen[bytes] | None = None

    def convert(self, sources: Sequence[Path], suffix: str, folder: Path) -> list[Path]:
        """The files opened and saved in another format into this folder; their paths, in order."""
        made = [folder / f"{source.stem}.{suffix}" for source in sources]
        self._stand()
        for seconds in CONVERT_SECONDS:
            self._run(sources, suffix, folder, seconds)
            if all(path.is_file() for path in made):
                return made
            self.close()  # the next try is by one that starts for it
        raise AssertionError(f"LibreOffice made nothing of {sources}")

    def _run(self, sources: Sequence[Path], suffix: str, folder: Path, seconds: float) -> None:
        command = [*self._command, "--convert-to", suffix, "--outdir", str(folder), *map(str, sources)]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, check=True, capture_output=True, timeout=seconds, env=_environment())

    def _stand(self) -> None:
        """Start it where it does not run, and wait until it has opened its workbook: then it has a lock beside it."""
        if self._process is not None:
            return
        lock = self._open.with_name(f".~lock.{self._open.name}#")
        lock.unlink(missing_ok=True)
        command = ["sh", "-c", UNTIL_WE_END, "sh", *self._command, "--norestore", str(self._open)]
        nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, env=_environment(), **nowhere
        )
        until = time.monotonic() + START_SECONDS
        while not lock.exists() and time.monotonic() < until:
            time.sleep(0.05)

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def remove(self) -> None:
        """End it and forget its profile."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    """With one thread for what it imports: several of them wait for one another now and then, for good."""
    return {**os.environ, "MAX_CONCURRENCY": "1"}


@lru_cache
def standing_office() -> StandingOffice:
    """The one of this process; it ends with it."""
    office = StandingOffice()
    atexit.register(office.remove)
    return office
