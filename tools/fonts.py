"""The bundled fonts' cover, written to ``baocao/render/fonts/cover.txt``: run it again when a font is changed.

The fallback fonts were made thus, with fontTools: DejaVu Sans and Serif 2.37 as they are; Noto Emoji, Droid Sans
Fallback and GNU Unifont 15 cut down to what the fonts named before them in ``the-thuc.typ`` lack.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

from baocao.system.cover import COVER

FONTS = COVER.parent
_BODY = "Tinos-*.ttf"
_FALLBACK = ("DejaVu*.ttf", "NotoEmoji-*.ttf", "DroidSansFallback.ttf", "Unifont*.otf")


def covered(folder: Path = FONTS) -> list[int]:
    """The code points that can be printed: those of every face of the body font, and of any fallback font."""
    body = set.intersection(*(_characters(path) for path in folder.glob(_BODY)))
    fallback = (path for pattern in _FALLBACK for path in folder.glob(pattern))
    return sorted(code for code in body.union(*map(_characters, fallback)) if _is_shown(code))


def spans(codes: Iterable[int]) -> Iterator[str]:
    """Ascending code points as ranges: ``4E00-9FA5``, ``FFFD``."""
    for _, run in groupby(enumerate(codes), key=lambda one: one[1] - one[0]):
        numbers = [code for _, code in run]
        yield f"{numbers[0]:04X}" if len(numbers) == 1 else f"{numbers[0]:04X}-{numbers[-1]:04X}"


def _characters(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def _is_shown(code: int) -> bool:
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    is_private = 0xE000 <= code < 0xF900 or code >= 0xF0000
    return not (is_control or is_private)


if __name__ == "__main__":
    COVER.write_text("\n".join(spans(covered())) + "\n", encoding="ascii")
