"""Where something stands in a Word document: table, row and column, or a line, in place of a cell of a sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from baocao.domain.received.finding import Finding

Area = tuple[tuple[int, int], tuple[int, int]]
_NAMED = re.compile(r"\b(Ô|ô|vào) ([A-Z]{1,2}[0-9]{1,4})\b")
_CELL = re.compile(r"([A-Z]{1,2})([0-9]{1,4})")
_PLACE = re.compile(r"hàng ([0-9]+), cột ([0-9]+)")
_TABLE = "Bảng "
_LINE = "dòng “"
BESIDE = "Ngoài bảng"
"""Where lines of information stand that are in no table."""


@dataclass(frozen=True, slots=True)
class Document:
    """``areas``: the first and last cell of each table, seen as a sheet; ``lines``: by cell, what a line is called."""

    areas: Sequence[Area]
    lines: Mapping[str, str]


def told_in_word(findings: Sequence[Finding], document: Document) -> tuple[Finding, ...]:
    """Findings on a document that was read as a sheet, in the words of the document."""
    return tuple(_told(one, document) for one in findings)


def _told(finding: Finding, document: Document) -> Finding:
    message = _NAMED.sub(lambda found: _named(found[1], _spoken(found[2], document)), finding.message)
    place = _place(finding.cell, document) if finding.cell else None
    if not finding.cell or place is None:
        return replace(finding, message=message, sheet=None, cell=None, also=())
    message = re.sub(rf"\b{finding.cell}\b", _spoken(finding.cell, document), message)
    also = tuple(one for _, cell in finding.also if (one := _place(cell, document)))
    return replace(finding, message=message, sheet=place[0], cell=place[1], also=also)


def _named(before: str, spoken: str) -> str:
    """``Ô F12`` is ``Bảng 1, hàng 8, cột 6`` there, ``vào F12`` is ``vào bảng 1, …``."""
    if before == "vào" or not spoken.startswith((_TABLE.lower(), _LINE)):
        return f"{before} {spoken}"
    return spoken[0].upper() + spoken[1:] if before == "Ô" else spoken


def _spoken(cell: str, document: Document) -> str:
    place = _place(cell, document)
    if place is None:
        return cell
    return place[1] if place[0] == BESIDE else f"{place[0].lower()}, {place[1]}"


def _place(cell: str, document: Document) -> tuple[str, str] | None:
    """The table, from 1, and the row and column in it, or a line beside them; None for what is neither."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    row, column = int(found[2]) - 1, 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    for number, ((top, left), (bottom, right)) in enumerate(document.areas, start=1):
        if top <= row <= bottom and left < column <= right + 1:
            return f"{_TABLE}{number}", f"hàng {row - top + 1}, cột {column - left}"
    return (BESIDE, f"{_LINE}{document.lines[cell]}”") if cell in document.lines else None


def cell_in_table(finding: Finding) -> tuple[int, int, int] | None:
    """Table, row and column, from 0, of a finding that was told so."""
    found = _PLACE.fullmatch(finding.cell or "")
    if found is None or not (finding.sheet or "").startswith(_TABLE):
        return None
    return int((finding.sheet or "").removeprefix(_TABLE)) - 1, int(found[1]) - 1, int(found[2]) - 1


def line_of(finding: Finding) -> str | None:
    """What the line beside the tables is called that a finding is about."""
    is_line = finding.sheet == BESIDE and (finding.cell or "").startswith(_LINE)
    return (finding.cell or "").removeprefix(_LINE).removesuffix("”") if is_line else None


def is_in_word(finding: Finding) -> bool:
    """Whether a finding speaks of a place in a Word document."""
    return cell_in_table(finding) is not None or line_of(finding) is not None
