"""Colours and comments on faulty cells, put there and taken away again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.characters import cell_text
from baocao.domain.received.finding import Finding, Severity
from baocao.excel.measure import lines_needed
from baocao.workbook.cells import fold
from baocao.workbook.explanations import RESULT_SHEET

AUTHOR = "Hệ thống báo cáo"
COLOURS = {Severity.CRITICAL: "FF8585", Severity.WARNING: "FFF06A"}

_HEAD = f"{AUTHOR}:\n"
"""Begins each of our comments, as Excel begins them with the author; LibreOffice keeps no authors in a file."""
_KEPT = "Ghi chú có sẵn của "
_OURS = f'LEN("{AUTHOR}")>0'
"""Always true: the condition by which our own conditional format is known again."""
_LONGEST = 2_000
_COMMENT_UNITS, _COMMENT_POINTS = 46, 10
_COMMENT_PX, _LINE_PX, _TALLEST_PX = 340, 18, 640
_AUTHOR_LINE = re.compile(re.escape(_KEPT) + r"(.*?):\n", re.DOTALL)

Marked = tuple[Cell, list[Finding]]
"""A cell, and what was found in it."""


def sheet_named(book: Workbook, name: str | None) -> Worksheet | None:
    """The worksheet of this name, however it is spelt; None where there is none."""
    if name is None:
        return None
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)


def cell_at(sheet: Worksheet, address: str) -> Cell:
    """The cell that shows at an address: of a merged area, its first."""
    cell = sheet[address]
    if isinstance(cell, Cell):
        return cell
    area = next(area for area in sheet.merged_cells.ranges if address in area)
    first = sheet.cell(area.min_row, area.min_col)
    assert isinstance(first, Cell)  # noqa: S101 - a merged area begins with a true cell
    return first


def mark_cells(book: Workbook, findings: Iterable[Finding]) -> None:
    """Fill and comment each cell that has a finding, unlock it, and show its sheet if it was hidden."""
    for sheet, cells in cells_by_sheet(book, findings):
        sheet.sheet_state = "visible"
        for cell, found in cells:
            if (fill := fill_of(worst_of(found))) is not None:
                cell.fill = fill
            cell.protection = Protection(locked=False, hidden=cell.protection.hidden)
            cell.comment = comment_on(cell, found)
        if sheet.conditional_formatting:
            _stand_above(sheet, coloured(cells))
    for sheet in book.worksheets:
        _leave_our_colours(sheet)


def worst_of(findings: Iterable[Finding]) -> Severity:
    """The weight by which a cell is coloured."""
    return min((one.severity for one in findings), key=list(Severity).index)


def fill_of(severity: Severity) -> PatternFill | None:
    """The colour of a finding's cell; None where it gets none."""
    return PatternFill("solid", fgColor=COLOURS[severity]) if severity in COLOURS else None


def coloured(cells: Iterable[Marked]) -> dict[Severity, list[str]]:
    """The addresses of the cells that get a colour, by its severity; the severity that was met first comes first."""
    addresses: dict[Severity, list[str]] = {}
    for cell, found in cells:
        if (severity := worst_of(found)) in COLOURS:
            addresses.setdefault(severity, []).append(cell.coordinate)
    return addresses


def _leave_our_colours(sheet: Worksheet) -> None:
    """Take the colours of findings out of the sheet's own conditional formats: they would accuse sound cells."""
    for _, rule in _conditions(sheet):
        if rule.dxf is not None and _OURS not in rule.formula and _ours_in(rule.dxf.fill):
            rule.dxf.fill = None


def _ours_in(fill: object) -> bool:
    return isinstance(fill, PatternFill) and any(
        str(colour.rgb)[-6:] in COLOURS.values() for colour in (fill.bgColor, fill.fgColor) if colour is not None
    )


def cells_by_sheet(book: Workbook, findings: Iterable[Finding]) -> Iterator[tuple[Worksheet, list[Marked]]]:
    """The cells that findings are about, by their sheet, in the order in which they are named."""
    found: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        for name, address in finding.places:
            if (sheet := sheet_named(book, name)) is not None:
                cell = cell_at(sheet, address)
                found.setdefault(sheet.title, {}).setdefault(cell.coordinate, []).append(finding)
    for title, cells in found.items():
        yield book[title], [(book[title][address], those) for address, those in cells.items()]


def rule_above(severity: Severity, priority: int) -> Rule:
    """The conditional format that shows a finding's colour over all that come after it."""
    look = look_above(severity)
    return Rule(type="expression", dxf=look, formula=[_OURS], stopIfTrue=True, priority=priority)


def look_above(severity: Severity) -> DifferentialStyle:
    """What that conditional format gives to its cells."""
    return DifferentialStyle(fill=PatternFill("solid", bgColor=COLOURS[severity]))


def _stand_above(sheet: Worksheet, addresses: dict[Severity, list[str]]) -> None:
    """Let our colours win over the sheet's own conditional formats: first by priority, and (LibreOffice) by place."""
    others = _conditions(sheet)
    sheet.conditional_formatting = ConditionalFormattingList()
    for priority, (severity, cells) in enumerate(addresses.items(), start=1):
        sheet.conditional_formatting.add(" ".join(cells), rule_above(severity, priority))
    for area, rule in others:
        rule.priority += len(addresses)
        sheet.conditional_formatting.add(area, rule)


def _conditions(sheet: Worksheet) -> list[tuple[str, Rule]]:
    """Every conditional format with its area, in order."""
    return [(str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules]


def comment_on(cell: Cell, findings: Sequence[Finding]) -> Comment:
    """What was found, the worst first; a comment that stood there is kept below."""
    before = cell.comment
    told = "\n\n".join(f"{finding.severity.label}: {finding.message}" for finding in findings)
    text = f"{_HEAD}{cell_text(told[:_LONGEST])}"
    if before is not None:
        text = f"{text}\n\n{_KEPT}{before.author}:\n{before.text}"
    return _sized(Comment(text, AUTHOR))


def _sized(comment: Comment) -> Comment:
    lines = lines_needed(comment.text, _COMMENT_UNITS, _COMMENT_POINTS, indent=0) + 1
    comment.width, comment.height = _COMMENT_PX, min(_TALLEST_PX, lines * _LINE_PX)
    return comment


def clear_marks(book: Workbook) -> None:
    """Take away what an earlier return left: its first sheet, colours, comments; the sender's own comments come back.

    A cell that was coloured by us is left without a fill. Comments by others get a size that shows all their text,
    because openpyxl does not keep sizes.
    """
    before = sheet_named(book, RESULT_SHEET)
    if before is not None and len(book.sheetnames) > 1:
        book.remove(before)
    fills = {index for index, fill in enumerate(book._fills) if _is_ours(fill)}  # type: ignore[attr-defined]
    for sheet in book.worksheets:
        cells: Iterable[Any] = sheet._cells.values()
        for cell in cells:
            if cell.has_style and cell._style.fillId in fills:
                cell.fill = PatternFill()
            if cell.comment is not None:
                cell.comment = _without_ours(cell.comment)
        _clear_conditions(sheet)


def _is_ours(fill: object) -> bool:
    if not isinstance(fill, PatternFill) or fill.fill_type != "solid":
        return False
    return str(fill.fgColor.rgb)[-6:] in COLOURS.values()


def _without_ours(comment: Comment) -> Comment | None:
    """The comment that stood there before ours; None where there was none."""
    if not fold(comment.text).startswith(fold(_HEAD)):
        return _sized(Comment(comment.text, comment.author))
    kept = _AUTHOR_LINE.search(comment.text)
    return _sized(Comment(comment.text[kept.end() :], kept[1])) if kept else None


def _clear_conditions(sheet: Worksheet) -> None:
    conditions = _conditions(sheet)
    others = [(area, rule) for area, rule in conditions if _OURS not in rule.formula]
    if len(others) < len(conditions):
        sheet.conditional_formatting = ConditionalFormattingList()
        for area, rule in others:
            sheet.conditional_formatting.add(area, rule)
