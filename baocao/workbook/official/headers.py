"""Headers of one, two or three rows with merged cells: what each column is called, from the top down."""

from baocao.domain.characters import readable
from baocao.workbook.cells import parse_text
from baocao.workbook.formats.grid import Address, Grid

JOINT = " – "
_WIDEST = 60
_LONGEST_HEADER = 120


class Texts:
    """The texts of a sheet's cells; every cell of a merged area has the text of its first."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._first: dict[Address, Address] = {}
        for (top, left), (bottom, right) in grid.merges:
            for row in range(top, min(bottom, len(grid.rows) - 1) + 1):
                for column in range(left, min(right, _WIDEST) + 1):
                    self._first.setdefault((row, column), (top, left))
        self.height = len(grid.rows)
        self.width = min(_WIDEST, max(map(len, grid.rows), default=0))

    def at(self, row: int, column: int) -> str:
        """The text of a cell; empty for none."""
        return readable(parse_text(self._grid.raw(*self.first(row, column))) or "").strip()

    def first(self, row: int, column: int) -> Address:
        """The cell that shows at an address."""
        return self._first.get((row, column), (row, column))

    def row(self, row: int) -> list[str]:
        """The texts of a row."""
        return [self.at(row, column) for column in range(self.width)]

    def own_row(self, row: int) -> list[str]:
        """The texts of a row's own cells: nothing that is merged into it."""
        return [self.at(row, at) if self.first(row, at) == (row, at) else "" for at in range(self.width)]

    def header(self, top: int, bottom: int) -> list[str]:
        """The name of each column under a header of these rows: «Kết quả thực hiện – Số đạt»."""
        return [self._name(top, bottom, column) for column in range(self.width)]

    def _name(self, top: int, bottom: int, column: int) -> str:
        places = dict.fromkeys(self.first(row, column) for row in range(top, bottom + 1))
        parts = [" ".join(self.at(*place).split())[:_LONGEST_HEADER] for place in places if top <= place[0] <= bottom]
        return JOINT.join(part for part in parts if part)


def leaf(name: str) -> str:
    """The lowest part of a column's name."""
    return name.rsplit(JOINT, 1)[-1]
