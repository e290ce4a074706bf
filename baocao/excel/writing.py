"""Putting values into cells so that text stays text, whatever it begins with."""

from datetime import date

from openpyxl.cell.cell import Cell

from baocao.domain.characters import cell_text

_LONGEST = 32767
_LIVE = ("=", "+", "-", "@", "\t", "\r")


def put(cell: Cell, value: object) -> None:
    """Write a value: numbers, dates and booleans as such, everything else as text that no program calculates.

    Text that begins like a formula is stored as a string and marked with Excel's quote prefix, so that it stays
    text when a person edits the cell; signs that no workbook may hold are dropped. None empties the cell.
    """
    if value is None or isinstance(value, bool | int | float | date):
        cell.value = value
        return
    text = cell_text(str(value)[:_LONGEST])
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_LIVE):
        cell.quotePrefix = True


def put_formula(cell: Cell, formula: str) -> None:
    """Write a formula of our own making; never give it text that came from elsewhere."""
    cell.value = formula
    cell.data_type = "f"
