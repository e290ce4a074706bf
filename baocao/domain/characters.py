"""What a unit's text may hold: characters that mean nothing are dropped, those with a plain equal become it.

Word and PDF files leave characters behind that no report can print: bullets out of private fonts, full-width forms,
invisible signs, characters that XML forbids. :func:`readable` is applied once, where a text is read.
"""

import re
from unicodedata import normalize

BULLET = "–"
_BREAKS = "\r\u2028\u2029"
_WIDE = "\uff01-\uff5e\uffe0-\uffe6"
_JOINED = "\ufb00-\ufb06\ufe50-\ufe6b"
_SYMBOL_FONTS = "\uf020-\uf0ff"
_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
_INVISIBLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DROPPED = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_INVISIBLE}{_PLANE_ENDS}]"
)
_ODD = re.compile(f"{_DROPPED.pattern[:-1]}{_BREAKS}{_WIDE}{_JOINED}{_SYMBOL_FONTS}\t\u3000]")
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_PLAIN = re.compile(f"[{_WIDE}{_JOINED}\u3000]+")
_SYMBOL = re.compile(f"[{_SYMBOL_FONTS}]")
_SIGNS = {0xF020: " ", 0xF0A3: "≤", 0xF0AE: "→", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B9: "≠", 0xF0E0: "→"}
_BULLETS = f"{BULLET}-—•▪●○■□◦·*+➢►❖♦✓✔→ \xa0\n"
_STOPS = " .,;:\xa0\n"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def readable(text: str) -> str:
    """The text in NFC with the characters that a report can print; idempotent.

    - Dropped: control characters, lone surrogates, noncharacters, and signs that show nothing (joiners, variation
      selectors, marks that turn the direction of writing round).
    - Line and paragraph separators of any kind become a line break, a tab becomes a blank.
    - Word's bullets out of its symbol fonts (U+F020 to U+F0FF) become «–»; the few that are signs of comparison or
      arrows in those fonts become these.
    - Full-width and small forms become the plain ones (``％`` is ``%``), as do joined letters (``ﬁ``).
    """
    if text.isascii() and text.isprintable():
        return text
    if _ODD.search(text):
        text = _whole(text)
        text = _DROPPED.sub("", _BREAK.sub("\n", text)).replace("\t", " ")
        text = _SYMBOL.sub(lambda found: _SIGNS.get(ord(found[0]), BULLET), text)
        text = _PLAIN.sub(lambda found: normalize("NFKC", found[0]), text)
    return normalize("NFC", text)


def without_bullets(text: str) -> str:
    """A readable text as a heading: without the bullets before it and the stops behind it."""
    return text.lstrip(_BULLETS).rstrip(_STOPS)


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 forbids (section 2.2), for whoever writes XML."""
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("", text)


def cell_text(text: str) -> str:
    """The text as a workbook's XML holds it: what looks like an escaped character (``_x0041_``) is shown as it stands.

    Workbooks write a character as ``_xHHHH_`` (ECMA-376 part 1, 22.9.2.19), so such a text's underscore is escaped.
    """
    return _LIKE_ESCAPED.sub("_x005F_", xml_text(text)) if "_x" in text else xml_text(text)


def _whole(text: str) -> str:
    """Surrogates that stand in pairs, as some readers of old formats leave them, made whole."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
