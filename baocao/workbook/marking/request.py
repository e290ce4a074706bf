"""What is asked of a process that marks; apart from the marking itself, which loads openpyxl."""

from dataclasses import dataclass
from pathlib import Path

from baocao.domain.received.submission import Checked


@dataclass(frozen=True, slots=True)
class Marking:
    """A file to be marked with what was found in it.

    ``is_fresh``: do not touch the sender's own workbook, write the form anew from the values.
    """

    source: Path
    checked: Checked
    is_fresh: bool = False

    @property
    def name(self) -> str:
        """What the logs call it."""
        return self.source.name
