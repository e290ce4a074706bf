"""Where something stands in a Word document: table, row and column, in place of a cell of a sheet."""

import re
from collections.abc import Sequence
from dataclasses import replace

from baocao.domain.received.finding import Finding

Area = tuple[tuple[int, int], tuple[int, int]]
_NAMED = re.compile(r"\b(Ô|ô|vào) ([A-Z]{1,2}[0-9]{1,4})\b")
_CELL = re.compile(r"([A-Z]{1,2})([0-9]{1,4})")
_PLACE = re.compile(r"hàng ([0-9]+), cột ([0-9]+)")
_TABLE = "Bảng "


def told_in_word(findings: Sequence[Finding], areas: Sequence[Area]) -> tuple[Finding, ...]:
    """Findings on a document that was read as a sheet, in the words of the document."""
    return tuple(_told(one, areas) for one in findings)


def _told(finding: Finding, areas: Sequence[Area]) -> Finding:
    message = _NAMED.sub(lambda found: _named(found[1], _spoken(found[2], areas)), finding.message)
    if finding.cell and (place := _place(finding.cell, areas)):
        message = re.sub(rf"\b{finding.cell}\b", _spoken(finding.cell, areas), message)
        table, cell = place
        return replace(finding, message=message, sheet=f"{_TABLE}{table}", cell=cell, also=_also(finding, areas))
    return replace(finding, message=message, sheet=None, cell=None, also=())


def _named(before: str, spoken: str) -> str:
    """``Ô F12`` is ``Bảng 1, hàng 8, cột 6`` there, ``vào F12`` is ``vào bảng 1, …``."""
    if before == "vào" or not spoken.startswith(_TABLE.lower()):
        return f"{before} {spoken}"
    return spoken.capitalize() if before == "Ô" else spoken


def _also(finding: Finding, areas: Sequence[Area]) -> tuple[tuple[str, str], ...]:
    places = (_place(cell, areas) for _, cell in finding.also)
    return tuple((f"{_TABLE}{one[0]}", one[1]) for one in places if one)


def _spoken(cell: str, areas: Sequence[Area]) -> str:
    place = _place(cell, areas)
    return f"bảng {place[0]}, {place[1]}" if place else cell


def _place(cell: str, areas: Sequence[Area]) -> tuple[int, str] | None:
    """The table, from 1, and the row and column in it; None for what stands in no table."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    row, column = int(found[2]) - 1, 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    for number, ((top, left), (bottom, right)) in enumerate(areas, start=1):
        if top <= row <= bottom and left < column <= right + 1:
            return number, f"hàng {row - top + 1}, cột {column - left}"
    return None


def cell_in_table(finding: Finding) -> tuple[int, int, int] | None:
    """Table, row and column, from 0, of a finding that was told so."""
    found = _PLACE.fullmatch(finding.cell or "")
    if found is None or not (finding.sheet or "").startswith(_TABLE):
        return None
    return int((finding.sheet or "").removeprefix(_TABLE)) - 1, int(found[1]) - 1, int(found[2]) - 1
