"""Where in a unit's workbook its figures stand, so that each can be traced to its cell."""

from collections.abc import Mapping
from dataclasses import dataclass

from baocao.domain.received.submission import Content

FIGURES = "figures"
NUMERATOR, DENOMINATOR = "numerator", "denominator"


@dataclass(frozen=True, slots=True)
class Places:
    """The sheet of figures of one file: the letters of its two columns (None where it has none), the row of each code.

    Rows are as seen in Excel, from 1; of a doubled row the first, whose figures are kept.
    """

    sheet: str
    numerator: str | None
    denominator: str | None
    rows: Mapping[str, int]

    def cell(self, code: str, column: str) -> str | None:
        """The address (``D12``) of a figure's :data:`NUMERATOR` or :data:`DENOMINATOR`; None where it has none."""
        letter = self.numerator if column == NUMERATOR else self.denominator
        return f"{letter}{self.rows[code]}" if letter and code in self.rows else None

    def pair(self, code: str) -> str:
        """Both addresses of a figure, as a reader looks for them: ``Chỉ tiêu!D12, E12``."""
        cells = [cell for cell in (self.cell(code, NUMERATOR), self.cell(code, DENOMINATOR)) if cell]
        return f"{self.sheet}!{', '.join(cells)}" if cells else ""


def places_of(content: Content) -> Places | None:
    """Where the figures of a workbook stand; None where it has no sheet of figures."""
    table = content.tables.get(FIGURES)
    if table is None:
        return None
    rows: dict[str, int] = {}
    for row in table.rows:
        if row.code is not None:
            rows.setdefault(row.code, row.number)
    return Places(table.sheet, table.columns.get(NUMERATOR), table.columns.get(DENOMINATOR), rows)
