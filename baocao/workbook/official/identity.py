"""Whose copy of an official form it is: in a very hidden sheet, and once more in the document's properties."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

IDENTITY_SHEET = "_baocao"
"""The name of the sheet; Excel's own menus do not show it."""
KEYS = ("form", "plan", "unit", "unit_name", "period", "token")
_PROPERTY = "baocao."
_FOUND = re.compile(
    rf'<property\b[^>]*\bname="{re.escape(_PROPERTY)}([a-z_]+)"[^>]*>\s*<(?:\w+:)?lpwstr>(.*?)</', re.DOTALL
)
CUSTOM_PART = "docProps/custom.xml"


def write_identity(book: Workbook, values: dict[str, str]) -> None:
    """Write the identity into a workbook: keys in the first column, values in the second; one that it had goes."""
    if IDENTITY_SHEET in book.sheetnames:
        book.remove(book[IDENTITY_SHEET])
    sheet = book.create_sheet(IDENTITY_SHEET)
    sheet.sheet_state = "veryHidden"
    for row, key in enumerate(KEYS, start=1):
        sheet.cell(row, 1, key)
        if values.get(key):
            sheet.cell(row, 2, values[key]).data_type = "s"
            _set_property(book, key, values[key])


def _set_property(book: Workbook, key: str, value: str) -> None:
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]
    name = f"{_PROPERTY}{key}"
    if name in properties.names:
        del properties[name]
    properties.append(StringProperty(name=name, value=value))


def identity_in(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """The identity in the cells of its sheet, by key."""
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1 and row[0] in KEYS and row[1]}


def properties_in(part: bytes) -> dict[str, str]:
    """The identity in a package's custom properties, by key; empty where there is none."""
    found = _FOUND.findall(part.decode("utf-8", "replace"))
    return {key: unescape(value) for key, value in found if key in KEYS}
