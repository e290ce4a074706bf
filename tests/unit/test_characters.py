"""What is dropped from a text, what becomes its plain equal, and what the bundled fonts can print."""

import sys
import unicodedata
from xml.dom import minidom
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.domain.characters import readable, xml_text
from baocao.system.cover import COVER, INSTEAD, printable, unprintable
from tools.fonts import covered, spans

ANY = st.text(st.integers(0, sys.maxunicode).map(chr)) | st.text(st.integers(0xF000, 0xFFFF).map(chr))


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("\uf0b7 Thiếu máy quét", "– Thiếu máy quét"),
        ("\uf0a7\tCông chức", "– Công chức"),
        ("\uf0d8 a\n\uf0fc b", "– a\n– b"),
        ("đạt \uf0b3 90", "đạt ≥ 90"),
        ("90％，（một）：　hai", "90%,(một): hai"),
        ("ﬁle ﹪", "file %"),
        ("a\x00b\x1fc\x7fd\ufffee\uffff\U0001fffff", "abcdef"),
        ("a\ud800b\udfffc", "abc"),
        ("\ud83d\udc4d", "👍"),
        ("\u202ea\u2066b\u200fc\u200dd\ufe0f", "abcd"),
        ("một\r\nhai\u2028ba\rbốn", "một\nhai\nba\nbốn"),
        ("Tie\u0302\u0301ng", "Tiếng"),
        ("☐ ✓ 中 ไทย ² ½ № €", "☐ ✓ 中 ไทย ² ½ № €"),
    ],
)
def test_texts_are_read_as_what_they_mean(raw: str, read: str) -> None:
    assert readable(raw) == read


@given(ANY)
def test_any_text_becomes_one_that_every_writer_takes(text: str) -> None:
    once = readable(text)
    assert readable(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert xml_text(once) == once
    assert printable(once).count(INSTEAD) - once.count(INSTEAD) == sum(map(once.count, unprintable(once)))


@given(ANY)
def test_xml_takes_what_is_left(text: str) -> None:
    root = minidom.parseString(f"<a>{escape(xml_text(text))}</a>".encode())  # noqa: S318 - made here
    assert root.documentElement.tagName == "a"


def test_the_cover_is_that_of_the_bundled_fonts() -> None:
    """After a change of fonts: ``python -m tools.fonts``."""
    assert COVER.read_text(encoding="ascii").split() == list(spans(covered()))


def test_what_no_font_has_is_shown_as_such() -> None:
    assert printable("Đề nghị\ue000 ☐\u0378") == "Đề nghị\ufffd ☐\ufffd"
    assert unprintable("Đề nghị\ue000 ☐\u0378\ue000") == ["\ue000", "\u0378"]
