"""Texts that matplotlib lays out, each once: the same names stand in every report, and one takes over a millisecond."""

from functools import lru_cache
from typing import Any

from matplotlib import text
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

_MOST_KEPT = 4096


class RememberingText(TextToPath):
    """Measures and outlines of texts as the library gives them, kept by text and font."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self._measured = lru_cache(_MOST_KEPT)(super().get_text_width_height_descent)
        self._outlined = lru_cache(_MOST_KEPT)(self._outline)

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """In points."""
        return self._measured(s, prop, ismath)

    def get_glyphs_with_font(
        self,
        font: Any,
        s: str,
        glyph_map: dict[str, Any] | None = None,
        return_new_glyphs_only: bool = False,
        *,
        features: Any = None,
        language: Any = None,
    ) -> Any:
        """Where each letter stands, the outlines by letter (those that ``glyph_map`` lacks, if so asked), no lines."""
        placed, outlines, lines = self._outlined(font, s, features, language)
        new = {name: outline for name, outline in outlines.items() if name not in (glyph_map or {})}
        return placed, new if return_new_glyphs_only else (glyph_map or {}) | new, lines

    def _outline(self, font: Any, s: str, features: Any, language: Any) -> Any:
        return super().get_glyphs_with_font(font, s, features=features, language=language)


text_to_path = RememberingText()


def remember_texts() -> None:
    """Let matplotlib, whose every renderer asks for a maker of outlines of its own, take this one. Idempotent."""
    vars(text)["TextToPath"] = lambda: text_to_path
