"""A worksheet's XML with marks in it: its cells' looks, a rule above its own, and where its comments are."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from baocao.domain.received.finding import Severity
from baocao.workbook.marking.in_place.elements import (
    Element,
    UnfitError,
    child,
    linked,
    made,
    main,
    named,
    parsed,
    put_before,
    written,
)
from baocao.workbook.marking.in_place.styles import Styles
from baocao.workbook.marking.marked_cells import rule_above

_AFTER_COMMENTS = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_CONDITIONS = main("conditionalFormatting")


class SheetPart:
    """One worksheet.

    Raises:
        UnfitError, KeyError, TypeError, ValueError: its rows or cells do not say where they stand, or in another order.
    """

    def __init__(self, part: bytes) -> None:
        self._root = parsed(part, "worksheet")
        self._data = child(self._root, "sheetData")
        self._rows = [int(row.attrib["r"]) for row in self._data]
        _check_order(self._rows)
        self._columns: dict[int, list[int]] = {}

    @property
    def merges(self) -> list[str]:
        """The merged areas."""
        return [one.attrib["ref"] for one in self._root.iterfind(f"{main('mergeCells')}/{main('mergeCell')}")]

    def unselect(self) -> None:
        """Take the sheet out of those that are selected together."""
        for view in self._root.iterfind(f"{main('sheetViews')}/{main('sheetView')}"):
            view.attrib.pop("tabSelected", None)

    def mark(self, address: str, severity: Severity, styles: Styles) -> None:
        """Give a cell the look of a finding; a cell that the file does not have is made."""
        cell = self._cell(*coordinate_to_tuple(address))
        cell.set("s", str(styles.marked(int(cell.get("s", "0")), severity)))

    def _cell(self, number: int, column: int) -> Element:
        row = self._row(number)
        if number not in self._columns:
            self._columns[number] = _columns(row, number)
        columns = self._columns[number]
        place = bisect_left(columns, column)
        if place == len(columns) or columns[place] != column:
            columns.insert(place, column)
            row.insert(place, made("c", r=f"{get_column_letter(column)}{number}"))
            row.attrib.pop("spans", None)
            self._forget_extent()
        return row[place]

    def _row(self, number: int) -> Element:
        place = bisect_left(self._rows, number)
        if place == len(self._rows) or self._rows[place] != number:
            self._rows.insert(place, number)
            self._data.insert(place, made("row", r=str(number)))
        return self._data[place]

    def _forget_extent(self) -> None:
        """What the sheet says of its extent may not hold any more; it need not say it."""
        for extent in self._root.findall(main("dimension")):
            self._root.remove(extent)

    def stand_above(self, coloured: Mapping[Severity, Sequence[str]], styles: Styles) -> None:
        """Let our colours win over the sheet's own conditional formats, where it has any: by priority and by place."""
        others = self._root.findall(_CONDITIONS)
        if not others:
            return
        for rule in self._root.iter("{*}cfRule"):
            if "priority" in rule.attrib:
                rule.set("priority", str(int(rule.get("priority")) + len(coloured)))
        for priority, (severity, cells) in enumerate(coloured.items(), start=1):
            rule = named(rule_above(severity, priority).to_tree())
            rule.set("dxfId", str(styles.dxf(severity)))
            area = made("conditionalFormatting", sqref=" ".join(cells))
            area.append(rule)
            others[0].addprevious(area)

    def attach(self, relation: str) -> None:
        """Name the drawing of the sheet's comments."""
        if self._root.find(main("legacyDrawing")) is not None:
            raise UnfitError("a drawing of an old kind")
        put_before(self._root, linked("legacyDrawing", relation), _AFTER_COMMENTS)

    def written(self) -> bytes:
        """The part."""
        return written(self._root)


def _columns(row: Element, number: int) -> list[int]:
    places = [coordinate_to_tuple(cell.attrib["r"]) for cell in row]
    if any(at != number for at, _ in places):
        raise UnfitError("a cell in another row")
    columns = [column for _, column in places]
    _check_order(columns)
    return columns


def _check_order(numbers: Sequence[int]) -> None:
    if any(one >= following for one, following in pairwise(numbers)):
        raise UnfitError("rows or cells out of order")
