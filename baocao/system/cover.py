"""Which characters the bundled fonts can print, by ``render/fonts/cover.txt`` (written by ``tools/fonts.py``)."""

import re
from functools import cache
from pathlib import Path

COVER = Path(__file__).parents[1] / "render" / "fonts" / "cover.txt"
INSTEAD = "\ufffd"


def printable(text: str) -> str:
    """The text with «�» for every character that no bundled font has."""
    return text if text.isascii() else _uncovered().sub(INSTEAD, text)


def unprintable(text: str) -> list[str]:
    """The characters of the text that no bundled font has, each once, in order."""
    return [] if text.isascii() else list(dict.fromkeys(_uncovered().findall(text)))


@cache
def _uncovered() -> re.Pattern[str]:
    """What is in none of the file's ranges, one a line (``4E00-9FA5``)."""
    spans = (line.partition("-") for line in COVER.read_text(encoding="ascii").split())
    ranges = "".join(f"{_escaped(first)}-{_escaped(last or first)}" for first, _, last in spans)
    return re.compile(f"[^\t\n{ranges}]")


def _escaped(code: str) -> str:
    return f"\\U{int(code, 16):08x}"
