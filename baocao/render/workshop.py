"""The making of a report's files one by one: one that cannot be made is noted and leaves the others alone."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from baocao.domain.received.finding import clip
from baocao.system.errors import BaocaoError

log = logging.getLogger(__name__)

FAULTS_FILE = "khong-dung-duoc.txt"
"""Lies in a report's folder where files are missing: one a line, with the reason."""
_LONGEST = 300
Made = TypeVar("Made")


class Workshop:
    """What was made so far, by file name, and what could not be made, with the reason."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self._first: Exception | None = None

    def make(self, name: str, maker: Callable[[], Made], nothing: Made) -> Made:
        """What the maker gives; ``nothing`` where it fails, whatever the cause.

        Raises:
            BaocaoError: what a person must mend first (a template that was spoilt), as the maker raises it.
        """
        try:
            return maker()
        except BaocaoError:
            raise
        except Exception as error:
            log.warning("%s could not be made", name, exc_info=error)
            self.faults[name] = clip(f"{type(error).__name__}: {error}", _LONGEST)
            self._first = self._first or error
            return nothing

    def add(self, name: str, maker: Callable[[], bytes]) -> None:
        """Make one file."""
        content = self.make(name, maker, b"")
        if content:
            self.files[name] = content

    def finished(self) -> dict[str, bytes]:
        """Every file, with the note on what is missing.

        Raises:
            Exception: nothing could be made at all; the first cause.
        """
        if self._first is not None and not self.files:
            raise self._first
        if not self.faults:
            return self.files
        note = "".join(f"{name}: {reason}\n" for name, reason in self.faults.items())
        return {**self.files, FAULTS_FILE: note.encode("utf-8", "replace")}


def faults_in(folder: Path) -> list[str]:
    """The lines of the note in a report's folder; none where every file was made."""
    path = folder / FAULTS_FILE
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
