"""``xl/styles.xml`` with the looks of marked cells and of the list, each added once; those that are there stay."""

from collections.abc import Hashable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles.cell_style import CellStyle

from baocao.domain.received.finding import Severity
from baocao.workbook.marking.in_place.elements import (
    Element,
    UnfitError,
    child,
    made,
    main,
    named,
    parsed,
    put_before,
    written,
)
from baocao.workbook.marking.marked_cells import fill_of, look_above

PART = "xl/styles.xml"
_AFTER_DXFS = ("tableStyles", "colors", "extLst")


class Styles:
    """The workbook's looks, by their index."""

    def __init__(self, part: bytes) -> None:
        self._root = parsed(part, "styleSheet")
        self._xfs = child(self._root, "cellXfs")
        child(self._root, "cellStyleXfs")
        self._marked: dict[tuple[int, Severity], int] = {}
        self._adopted: dict[tuple[str, int], int] = {}
        self._fills: dict[Severity, int] = {}
        self._dxfs: dict[Severity, int] = {}

    def marked(self, index: int, severity: Severity) -> int:
        """The look of a cell with a finding: in its colour, and open to be typed into."""
        key = index, severity
        if key not in self._marked:
            xf = deepcopy(self._xfs[index])
            _unlock(xf)
            fill = self._fill(severity)
            if fill is not None:
                xf.set("fillId", str(fill))
                xf.set("applyFill", "1")
            self._marked[key] = _added(self._xfs, xf)
        return self._marked[key]

    def _fill(self, severity: Severity) -> int | None:
        fill = fill_of(severity)
        if fill is not None and severity not in self._fills:
            self._fills[severity] = _added(child(self._root, "fills"), named(fill.to_tree("fill")))
        return self._fills.get(severity)

    def dxf(self, severity: Severity) -> int:
        """The look of a conditional format that stands above the sheet's own."""
        if severity not in self._dxfs:
            group = self._root.find(main("dxfs"))
            if group is None:
                group = made("dxfs")
                put_before(self._root, group, _AFTER_DXFS)
            self._dxfs[severity] = _added(group, named(look_above(severity).to_tree("dxf")))
        return self._dxfs[severity]

    def adopted(self, book: Workbook, index: int) -> int:
        """A look of another workbook, drawn by ourselves; its plain letters, fill and borders are this one's."""
        if ("cellXfs", index) not in self._adopted:
            looks: Any = book
            style = looks._cell_styles[index]
            xf = CellStyle.from_array(style)  # type: ignore[no-untyped-call]
            xf.alignment = looks._alignments[style.alignmentId] if style.alignmentId else None
            xf.protection = looks._protections[style.protectionId] if style.protectionId else None
            xf.fontId = self._taken("fonts", looks._fonts, style.fontId)
            xf.fillId = self._taken("fills", looks._fills, style.fillId)
            xf.borderId = self._taken("borders", looks._borders, style.borderId)
            self._adopted["cellXfs", index] = _added(self._xfs, named(xf.to_tree("xf")))
        return self._adopted["cellXfs", index]

    def _taken(self, group: str, looks: Any, index: int) -> int:
        if index == 0:
            return 0
        if (group, index) not in self._adopted:
            one = _tree(looks[index], group.removesuffix("s"))
            self._adopted[group, index] = _added(child(self._root, group), deepcopy(one))
        return self._adopted[group, index]

    def written(self) -> bytes:
        """The part."""
        return written(self._root)


@lru_cache(maxsize=64)
def _tree(look: Hashable, name: str) -> Element:
    """Letters, a fill or borders as an element, made once for all files: the list has always the same."""
    drawn: Any = look
    return named(drawn.to_tree(name))


def _added(group: Element, one: Element) -> int:
    """Add to a group; gives the index there."""
    if any(other.tag != one.tag for other in group):
        raise UnfitError(f"unusual {group.tag}")
    group.append(one)
    group.set("count", str(len(group)))
    return len(group) - 1


def _unlock(xf: Element) -> None:
    protection = xf.find(main("protection"))
    if protection is None:
        protection = made("protection")
        put_before(xf, protection, ("extLst",))
    protection.set("locked", "0")
    xf.set("applyProtection", "1")
