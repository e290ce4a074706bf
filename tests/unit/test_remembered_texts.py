"""Texts of charts, laid out once: what is kept is what the library itself gives, each time that it is asked for."""

from typing import Any

import pytest
from matplotlib.backend_bases import RendererBase
from matplotlib.textpath import TextToPath

from baocao.render.charts.remembered import RememberingText, remember_texts, text_to_path
from baocao.render.charts.style import lettering

TEXTS = ("Tỷ lệ hồ sơ số hóa", "số hóa 100% ✓ 😀", "")


def _plain(found: Any) -> Any:
    placed, outlines, lines = found
    return placed, [(name, points.tolist(), list(codes)) for name, (points, codes) in outlines.items()], lines


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_kept_is_what_the_library_gives(text: str) -> None:
    ours, library = RememberingText(), TextToPath()
    face = lettering(9)["fontproperties"]
    font = library._get_font(face)
    for _ in range(2):
        measured = ours.get_text_width_height_descent(text, face, ismath=False)
        assert measured == library.get_text_width_height_descent(text, face, ismath=False)
        assert _plain(ours.get_glyphs_with_font(font, text)) == _plain(library.get_glyphs_with_font(font, text))


def test_only_letters_that_a_chart_has_not_yet_are_given_where_so_asked() -> None:
    ours, library = RememberingText(), TextToPath()
    font = library._get_font(lettering(9)["fontproperties"])
    known = library.get_glyphs_with_font(font, "số")[1]
    asked: dict[str, Any] = {"glyph_map": known, "return_new_glyphs_only": True}
    for _ in range(2):
        found = ours.get_glyphs_with_font(font, "số hóa", **asked)
        assert _plain(found) == _plain(library.get_glyphs_with_font(font, "số hóa", **asked))


def test_a_text_is_laid_out_once() -> None:
    ours = RememberingText()
    font = ours._get_font(lettering(9)["fontproperties"])
    first, again = (ours.get_glyphs_with_font(font, "số hóa")[0] for _ in range(2))
    assert first is again


def test_renderers_take_what_is_kept() -> None:
    remember_texts()
    assert RendererBase()._text2path is text_to_path
