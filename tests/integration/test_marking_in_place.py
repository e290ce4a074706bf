"""A plain workbook is marked in its package: the copy says what openpyxl's would, and Excel's strict order is kept."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from struct import pack
from zipfile import ZipFile
from zlib import crc32

import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from support.workbooks.excels import as_excel_saves
from support.workbooks.faulty import (
    FIGURES,
    INFO,
    RED,
    RESULT,
    TASKS,
    YELLOW,
    commented,
    faulty,
    filled,
    judged,
    opened,
    places,
    plant,
)
from support.workbooks.hostile import part, repacked
from support.workbooks.office import HAS_OFFICE, saved_by_libreoffice
from support.workbooks.samples import cell_of, plan
from support.workbooks.sound import assert_sound

from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked
from baocao.workbook.formats.guard import examine
from baocao.workbook.marking.in_place.elements import UnfitError
from baocao.workbook.marking.in_place.in_place import marked_in_place
from baocao.workbook.marking.marking import mark, marked_through_openpyxl
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import read_workbook

needs_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
TITLE = "Báo cáo kết quả thực hiện hằng tháng kỳ 10/2022 – Sở Công Thương"
Both = tuple[Path, Checked, bytes]
"""A file, what was found in it, and its copy marked in place."""


def many_faults(book: Workbook) -> None:
    plant(book)
    cell_of(book, FIGURES, "B2", "Tử số").comment = None  # a workbook with comments is not plain
    book[INFO].merge_cells("B11:C11")
    book[TASKS].sheet_state = "hidden"
    book.active = book[FIGURES]
    book[FIGURES].sheet_view.tabSelected = True


def with_more(checked: Checked) -> Checked:
    """With what no rule of the form says: of a cell that shows elsewhere, of cells that the file does not have."""
    more = (
        Finding("not_a_date", Severity.CRITICAL, "Ngày sai.", INFO, "C11"),
        Finding("odd", Severity.WARNING, "Ở ngoài.", FIGURES, "M9", also=((FIGURES, "L9"), (TASKS, "B300"))),
        Finding("note", Severity.INFO, "Chỉ để biết.", FIGURES, "B9"),
        Finding("whole", Severity.CRITICAL, "Của cả tệp."),
    )
    return Checked(checked.content, (*checked.findings, *more))


@pytest.fixture(scope="module")
def pilots(tmp_path_factory: pytest.TempPathFactory) -> Both:
    path = faulty(tmp_path_factory.mktemp("faulty"), many_faults)
    checked = with_more(judged(path))
    assert len(checked.findings) > 10
    return path, checked, marked_in_place(examine(path.read_bytes()), checked, TITLE)


def test_the_copy_says_what_openpyxl_would_say(pilots: Both) -> None:
    path, checked, copy = pilots
    assert_same(copy, marked_through_openpyxl(examine(path.read_bytes()), checked, TITLE))
    before, after = read_workbook(path, plan()), read_workbook(copy, plan())
    assert (after.info, after.tables, after.findings) == (before.info, before.tables, before.findings)


def assert_same(one: bytes, other: bytes) -> None:
    ours, theirs = opened(one), opened(other)
    assert ours.sheetnames == theirs.sheetnames
    assert ours.active.title == theirs.active.title == RESULT
    assert {name: value.attr_text for name, value in ours.defined_names.items()} == {
        name: value.attr_text for name, value in theirs.defined_names.items()
    }
    assert _shapes(one) == _shapes(other)
    for sheet in ours.worksheets:
        for what, tell in TOLD.items():
            assert tell(sheet) == tell(theirs[sheet.title]), (sheet.title, what)


def _shapes(copy: bytes) -> set[bytes]:
    """The places and sizes of comments, of which openpyxl tells nothing."""
    with ZipFile(BytesIO(copy)) as archive:
        return {archive.read(name) for name in archive.namelist() if name.endswith(".vml")}


def _cells(sheet: Worksheet) -> dict[str, object]:
    looks: dict[int, str] = {}
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    for cell in cells:
        if cell.style_id not in looks:
            kinds = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection, cell.number_format, cell.style)
            looks[cell.style_id] = _told(*kinds, cell.quotePrefix)
    return {cell.coordinate: (looks[cell.style_id], *_said(cell)) for cell in cells}


def _said(cell: Cell) -> tuple[object, ...]:
    note, link = cell.comment, cell.hyperlink
    beside = note and (note.text, note.author, note.width, note.height)
    leads = link and (link.location, link.target, link.display, link.tooltip)
    return cell.value, cell.data_type, beside, leads


def _told(*things: object) -> str:
    """All that openpyxl knows of them; what is not said is the same as what is said and goes without saying."""
    text = "\n".join(map(repr, things))
    for said in ("=False", "='general'", "='bottom'"):
        text = text.replace(said, "=None")
    return text


def _conditions(sheet: Worksheet) -> list[object]:
    rules = [(area.sqref, rule) for area in sheet.conditional_formatting for rule in area.rules]
    return [
        (str(area), _told(rule.type, rule.formula, rule.priority, rule.stopIfTrue, rule.dxf)) for area, rule in rules
    ]


TOLD: dict[str, Callable[[Worksheet], object]] = {
    "cells": _cells,
    "conditions": _conditions,
    "validations": lambda sheet: [_told(one) for one in sheet.data_validations.dataValidation],
    "state": lambda sheet: (sheet.sheet_state, bool(sheet.sheet_view.tabSelected), sheet.freeze_panes),
    "merged": lambda sheet: sorted(map(str, sheet.merged_cells.ranges)),
    "protection": lambda sheet: _told(sheet.protection),
    "printing": lambda sheet: (sheet.print_area, sheet.print_title_rows, _told(sheet.page_setup)),
    "footer": lambda sheet: (sheet.oddFooter.left.text, sheet.oddFooter.right.text, sheet.oddFooter.right.font),
    "columns": lambda sheet: {key: (one.width, one.hidden) for key, one in sheet.column_dimensions.items()},
    "rows": lambda sheet: {
        key: (one.height, one.outlineLevel, one.hidden) for key, one in sheet.row_dimensions.items()
    },
    "filter": lambda sheet: (sheet.auto_filter.ref, _told(sheet.sheet_properties)),
}


def test_the_copy_is_one_that_excel_opens_and_the_rest_is_carried_byte_for_byte(pilots: Both) -> None:
    path, _, copy = pilots
    assert_sound(copy)
    with ZipFile(path) as before, ZipFile(BytesIO(copy)) as after:
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        added = set(after.namelist()) - set(before.namelist())
    sheets = {f"xl/worksheets/sheet{number}.xml" for number in (2, 3, 4)}
    assert changed == sheets | {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml"}
    assert {name for name in added if name.endswith((".xml", ".vml"))} == {
        "xl/worksheets/sheet7.xml",
        *(f"xl/comments/comment{number}.xml" for number in (1, 2, 3)),
        *(f"xl/drawings/commentsDrawing{number}.vml" for number in (1, 2, 3)),
    }


def test_the_same_marks_give_the_same_bytes_and_a_second_return_is_not_made_in_place(pilots: Both) -> None:
    path, checked, copy = pilots
    assert mark(Marking(path, checked), plan()) == marked_in_place(examine(path.read_bytes()), checked, TITLE)
    with pytest.raises(UnfitError):
        marked_in_place(examine(copy), checked, TITLE)


@needs_office
@pytest.mark.slow
def test_a_form_that_libreoffice_saved_is_marked_in_place_and_opened_by_it(pilots: Both, tmp_path: Path) -> None:
    path = saved_by_libreoffice(pilots[0], "xlsx")
    checked = with_more(judged(path))
    copy = marked_in_place(examine(path.read_bytes()), checked, TITLE)
    assert_sound(copy)
    assert_same(copy, marked_through_openpyxl(examine(path.read_bytes()), checked, TITLE))
    laid = tmp_path / "đánh dấu.xlsx"
    laid.write_bytes(copy)
    again = opened(saved_by_libreoffice(laid, "xlsx"))
    assert again.sheetnames[0] == RESULT
    shown_at_the_first = {(INFO, "C11")}  # of the merged area
    assert commented(again).keys() == places(checked) - shown_at_the_first
    for colour, severity in ((RED, Severity.CRITICAL), (YELLOW, Severity.WARNING)):
        assert filled(again, colour) == places(checked, severity) - shown_at_the_first


@pytest.mark.filterwarnings("ignore:Conditional Formatting extension")
def test_what_excel_saves_beside_is_carried(pilots: Both) -> None:
    path, checked, _ = pilots
    rich = "xl/worksheets/sheet3.xml"
    examined = examine(as_excel_saves(path.read_bytes(), rich))
    copy = marked_in_place(examined, checked, TITLE)
    assert_sound(copy)
    assert_same(copy, marked_through_openpyxl(examined, checked, TITLE))
    assert read_workbook(copy, plan()).tables == read_workbook(path, plan()).tables == checked.content.tables
    with ZipFile(BytesIO(copy)) as archive:
        assert archive.read("xl/printerSettings/printerSettings1.bin") == b"\x00\x01printer"
        assert archive.read("xl/calcChain.xml") == examined.parts["xl/calcChain.xml"]
        assert b'x14:cfRule type="expression" priority="902"' in archive.read(rich)
        assert b'r:id="rId1"' in archive.read(rich)
        for name in ("xl/workbook.xml", rich):
            assert b'mc:Ignorable="x14ac xr"' in archive.read(name)
            assert all(b"xmlns:%s=" % prefix in archive.read(name) for prefix in (b"mc", b"x14ac", b"xr"))


STRANGE: dict[str, Mapping[str, Callable[[bytes], bytes]]] = {
    "a drawing": {"xl/drawings/drawing1.xml": lambda _: b"<x/>"},
    "macros": {"xl/vbaProject.bin": lambda _: b"x"},
    "a template": {"[Content_Types].xml": lambda part: part.replace(b"sheet.main+xml", b"template.main+xml")},
    "our colour": {"xl/styles.xml": lambda part: part.replace(b"D6DFEE", b"ff8585")},
    "our rule": {"xl/worksheets/sheet3.xml": lambda part: part.replace(b"<formula>", b"<formula>LEN(&quot;H", 1)},
    "rows out of order": {"xl/worksheets/sheet3.xml": lambda part: part.replace(b'<row r="9"', b'<row r="2"')},
    "cells out of order": {"xl/worksheets/sheet3.xml": lambda part: part.replace(b'r="B8"', b'r="Z8"')},
    "rows without numbers": {"xl/worksheets/sheet3.xml": lambda part: part.replace(b'<row r="9"', b"<row")},
    "a letter by number": {"xl/worksheets/sheet6.xml": lambda part: part.replace(b"<t>", b"<t>&#65;", 1)},
    "a comment of XML": {"xl/worksheets/sheet6.xml": lambda part: part.replace(b"<t>", b"<t><!--x-->", 1)},
    "a relation in a comment": {
        "xl/_rels/workbook.xml.rels": lambda part: part.replace(
            b"<Relationship ", b"<!--</Relationships>--><Relationship ", 1
        )
    },
    "a look that is not there": {"xl/worksheets/sheet3.xml": lambda part: part.replace(b'r="D8" s="', b'r="D8" s="99')},
    "links": {"xl/workbook.xml": lambda part: part.replace(b"<definedNames>", b"<externalReferences/><definedNames>")},
    "a vast merged area": {
        "xl/worksheets/sheet2.xml": lambda part: part.replace(b'ref="B11:C11"', b'ref="B11:XFD1048576"')
    },
    "another sheet's part": {"xl/_rels/workbook.xml.rels": lambda part: part.replace(b"/sheet3.xml", b"/sheet2.xml")},
    "heavy": {
        "xl/worksheets/sheet6.xml": lambda part: part.replace(b"</sheetData>", b" " * (8 << 20) + b"</sheetData>")
    },
}


@pytest.mark.parametrize("strange", STRANGE)
def test_what_is_not_surely_plain_is_left_to_openpyxl(pilots: Both, strange: str) -> None:
    path, checked, _ = pilots
    good = path.read_bytes()
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edited = {name: edit(parts.get(name, b"")) for name, edit in STRANGE[strange].items()}
    assert all(parts.get(name) != one for name, one in edited.items())
    with pytest.raises((UnfitError, LookupError)):
        marked_in_place(examine(repacked(good, edited)), checked, TITLE)


def test_a_damaged_part_is_not_carried(pilots: Both) -> None:
    path, checked, _ = pilots
    good = path.read_bytes()
    damaged = good.replace(pack("<L", crc32(part(good, "docProps/app.xml"))), b"\0\0\0\0")
    with pytest.raises(UnfitError, match="damaged"):
        marked_in_place(examine(damaged), checked, TITLE)
