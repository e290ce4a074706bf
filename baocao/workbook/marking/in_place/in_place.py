"""A marked copy made by changing the sender's package where the marks are; everything else is carried as it is."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments.comment_sheet import CommentRecord, CommentSheet
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Checked
from baocao.workbook.cells import fold
from baocao.workbook.explanations import RESULT_SHEET
from baocao.workbook.formats.guard import Examined
from baocao.workbook.marking.in_place import book as whole
from baocao.workbook.marking.in_place import styles as looks
from baocao.workbook.marking.in_place.book import BookPart
from baocao.workbook.marking.in_place.elements import UnfitError
from baocao.workbook.marking.in_place.package import Package
from baocao.workbook.marking.in_place.sheet import SheetPart
from baocao.workbook.marking.in_place.styles import Styles
from baocao.workbook.marking.in_place.suited import check_suited
from baocao.workbook.marking.marked_cells import (
    Marked,
    cells_by_sheet,
    coloured,
    comment_on,
    sheet_named,
    worst_of,
)
from baocao.workbook.marking.result_sheet import MAX_LISTED, draw_result_sheet, in_order

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LIST_ID, _COMMENTS_ID, _SHAPES_ID = "rIdKetQua", "rIdGhiChu", "rIdHinhGhiChu"
_STYLED = re.compile(rb'(<c r="[A-Z]+[0-9]+" s=")([0-9]+)"')
_SELECTED = re.compile(rb"""tabSelected\s*=\s*["'](?:1|true)""")
_MOST_MERGED = 10_000


def marked_in_place(examined: Examined, checked: Checked, title: str) -> bytes:
    """The sender's own workbook with its marks, for one that is plain; says the same as one marked through openpyxl.

    ``title`` says whose report it is. The list and the comments are drawn by openpyxl in a workbook of as many empty
    sheets.

    Raises:
        UnfitError, or whatever a part makes a parser stumble over: it is not plain.
    """
    check_suited(examined)
    return _InPlace(Package(examined)).marked(checked, title)


class _InPlace:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._book = BookPart(package)
        self._styles = Styles(package[looks.PART])
        self._parts: dict[str, SheetPart] = {}
        self._drawn = _empty_sheets(self._book.parts)

    def marked(self, checked: Checked, title: str) -> bytes:
        findings = in_order(self._drawn, checked.findings)
        listed = findings[:MAX_LISTED]
        self._merge(listed)
        for sheet, cells in cells_by_sheet(self._drawn, listed):
            self._mark_sheet(sheet, cells)
        answers = checked.content.explanations
        draw_result_sheet(self._drawn, title, findings, answers, is_rendition=False)
        self._put_list(self._drawn.worksheets[0])
        for name, part in self._parts.items():
            self._package[self._book.parts[name]] = part.written()
        self._package[whole.PART] = self._book.written()
        self._package[looks.PART] = self._styles.written()
        return self._package.written()

    def _part(self, name: str) -> SheetPart:
        if name not in self._parts:
            self._parts[name] = SheetPart(self._package[self._book.parts[name]])
        return self._parts[name]

    def _merge(self, findings: Iterable[Finding]) -> None:
        """Merge the empty sheets' cells as the sender's are, as far as a finding is there."""
        places: dict[str, set[tuple[int, int]]] = {}
        for finding in findings:
            for name, address in finding.places:
                if (sheet := sheet_named(self._drawn, name)) is not None:
                    places.setdefault(sheet.title, set()).add(coordinate_to_tuple(address))
        for title, cells in places.items():
            for area in self._part(title).merges:
                if _holds_any(area, cells):
                    self._drawn[title].merge_cells(area)

    def _mark_sheet(self, sheet: Worksheet, cells: Sequence[Marked]) -> None:
        part = self._part(sheet.title)
        for cell, findings in cells:
            part.mark(cell.coordinate, worst_of(findings), self._styles)
            cell.comment = comment_on(cell, findings)
        part.stand_above(coloured(cells), self._styles)
        part.attach(_SHAPES_ID)
        self._put_comments(sheet.title, cells)
        self._book.show(sheet.title)

    def _put_comments(self, title: str, cells: Sequence[Marked]) -> None:
        inner = sorted((cell for cell, _ in cells), key=lambda cell: (cell.row, cell.column))
        records = [CommentRecord.from_cell(cell) for cell in inner]
        comments: Any = CommentSheet.from_comments(records)  # type: ignore[no-untyped-call]
        package, source = self._package, self._book.parts[title]
        place = package.free("xl/comments/comment", ".xml")
        package[place] = tostring(comments.to_tree())
        package.declare(place, comments.mime_type)
        package.relate(source, _COMMENTS_ID, "comments", place)
        shapes = package.free("xl/drawings/commentsDrawing", ".vml")
        package[shapes] = comments.write_shapes()
        package.declare_extension("vml", _VML)
        package.relate(source, _SHAPES_ID, "vmlDrawing", shapes)

    def _put_list(self, sheet: Worksheet) -> None:
        """Put the list in front of all sheets, it alone selected."""
        place = self._package.free("xl/worksheets/sheet", ".xml")
        self._package[place] = self._with_styles(sheet)
        self._package.declare(place, _SHEET)
        self._package.relate(whole.PART, _LIST_ID, "worksheet", place)
        names = {"Print_Titles": sheet.print_titles, "Print_Area": sheet.print_area}
        self._book.open_at(sheet.title, _LIST_ID, {name: value for name, value in names.items() if value})
        for title, part in self._book.parts.items():
            if _SELECTED.search(self._package[part]):
                self._part(title).unselect()

    def _with_styles(self, sheet: Worksheet) -> bytes:
        """The list's XML, with the indices that its looks have in the sender's styles."""
        out = BytesIO()
        writer: Any = WorksheetWriter(sheet, out)
        writer.write()

        def index(found: re.Match[bytes]) -> bytes:
            return b'%s%d"' % (found[1], self._styles.adopted(self._drawn, int(found[2])))

        return _STYLED.sub(index, out.getvalue())


def _empty_sheets(titles: Iterable[str]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in titles:
        if book.create_sheet(title).title != title or fold(title) == fold(RESULT_SHEET):
            raise UnfitError(f"a sheet “{title}”")
    return book


def _holds_any(area: str, cells: Iterable[tuple[int, int]]) -> bool:
    left, top, right, bottom = (side or 0 for side in range_boundaries(area))
    is_held = any(top <= row <= bottom and left <= column <= right for row, column in cells)
    if is_held and (bottom - top + 1) * (right - left + 1) > _MOST_MERGED:
        raise UnfitError("too large a merged area")
    return is_held
