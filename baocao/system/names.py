"""Names and other texts of strangers on their way to a database, a header, a letter or a disk."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
"""What no database, XML or log takes, and signs that turn text round."""
_NAMELESS = "tep-khong-ten"
_LONGEST_NAME = 300


def clean(text: str, limit: int) -> str:
    """One line in NFC that any database and any log takes, of at most ``limit`` characters."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())[:limit]


def clean_name(name: str) -> str:
    """A file's name as it is kept and shown: one line, never empty, at most 300 characters, of which its end counts."""
    shown = clean(name, 4 * len(name))[-_LONGEST_NAME:].strip()
    return shown if shown.strip(". ") else _NAMELESS
