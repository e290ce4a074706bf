"""Whose copy of an official form it is: in a very hidden sheet, and once more in the document's properties."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

IDENTITY_SHEET = "_baocao"
"""The name of the sheet; Excel's own menus do not show it."""
KEYS = ("form", "plan", "unit", "unit_name", "period", "token")
PROPERTY = "baocao."
_FOUND = re.compile(
    rf'<property\b[^>]*\bname="{re.escape(PROPERTY)}([a-z_]+)"[^>]*>\s*<(?:\w+:)?lpwstr>(.*?)</', re.DOTALL
)
CUSTOM_PART = "docProps/custom.xml"


def identity_in(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """The identity in the cells of its sheet, by key."""
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1 and row[0] in KEYS and row[1]}


def properties_in(part: bytes) -> dict[str, str]:
    """The identity in a package's custom properties, by key; empty where there is none."""
    found = _FOUND.findall(part.decode("utf-8", "replace"))
    return {key: unescape(value) for key, value in found if key in KEYS}
