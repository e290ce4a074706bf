"""The returned workbook: marked exactly where the findings are, all else kept, and good to be sent back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from support.workbooks import hostile
from support.workbooks.faulty import (
    FIGURES,
    INFO,
    RED,
    RESULT,
    TASKS,
    YELLOW,
    cells,
    commented,
    errors_as_values,
    faulty,
    filled,
    judged,
    mend,
    opened,
    places,
    plant,
)
from support.workbooks.office import HAS_OFFICE, disarrange, saved_by_libreoffice
from support.workbooks.samples import cell_of, filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked, Verdict
from baocao.excel import style
from baocao.isolation.pools import mark_safely
from baocao.isolation.process import read_one
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.marking_error import CannotMarkError
from baocao.workbook.marking.request import Marking
from baocao.workbook.marking.result_sheet import MAX_LISTED, in_order
from baocao.workbook.reading.reader import read_workbook

needs_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faulty(tmp_path_factory.mktemp("faulty"))


@pytest.fixture(scope="module")
def checked(source: Path) -> Checked:
    found = judged(source)
    assert found.verdict is Verdict.REJECTED
    assert places(found, Severity.WARNING)
    return found


@pytest.fixture(scope="module")
def marked(source: Path, checked: Checked) -> bytes:
    return mark(Marking(source, checked), plan())


def test_colours_and_comments_are_exactly_where_the_findings_say(marked: bytes, checked: Checked) -> None:
    book = opened(marked)
    assert filled(book, RED) == places(checked, Severity.CRITICAL)
    assert filled(book, YELLOW) == places(checked, Severity.WARNING)
    assert commented(book).keys() == places(checked)
    for finding in checked.findings:
        assert finding.sheet
        assert finding.cell
        assert finding.message in commented(book)[finding.sheet, finding.cell]


def test_several_findings_of_one_cell_share_its_comment(source: Path, checked: Checked) -> None:
    (one, *_) = checked.findings
    second = Finding("outlier", Severity.WARNING, "Số này lạ.", one.sheet, one.cell)
    book = opened(mark(Marking(source, Checked(checked.content, (second, one))), plan()))
    assert one.sheet
    assert (
        commented(book)[one.sheet, one.cell or ""] == f"Hệ thống báo cáo:\nLỗi: {one.message}\n\nCảnh báo: Số này lạ."
    )
    assert filled(book, YELLOW) == set()


def test_first_sheet_lists_every_finding_with_a_link_to_its_cell(marked: bytes, checked: Checked) -> None:
    book = opened(marked)
    assert book.sheetnames[0] == RESULT == book.active.title
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [RESULT]
    linked = [row for row in book[RESULT].iter_rows() if row[2].hyperlink]
    rows = [row for row in linked if row[0].value]
    assert sorted(tuple(cell.value for cell in row[:6]) for row in rows) == sorted(
        ({"critical": "Lỗi", "warning": "Cảnh báo"}[f.severity], f.sheet, f.cell, f.value, f.expected, f.message)
        for f in checked.findings
    )
    assert {(row[1].value, row[2].value) for row in linked} == places(checked)
    assert [row[7].value for row in rows] == [f.rule for f in in_order(book, checked.findings)]
    swatches = {str(row[0].fill.fgColor.rgb)[-6:] for row in book[RESULT].iter_rows() if row[0].fill.fill_type}
    assert {RED, YELLOW, style.WATCH_COLOUR, style.BREACH_COLOUR} <= swatches
    levels = [row[0].value for row in rows]
    assert levels == sorted(levels, key=["Lỗi", "Cảnh báo"].index)
    for row in rows:
        assert row[2].hyperlink.location == f"'{row[1].value}'!{row[2].value}"
        assert row[2].hyperlink.target is None
    texts = [cell.value for row in book[RESULT].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "Báo cáo kết quả thực hiện hằng tháng kỳ 10/2022 – Sở Công Thương" in texts
    assert f"Có {checked.count(Severity.CRITICAL)} lỗi phải sửa và 1 cảnh báo nên xem lại." in texts


@pytest.mark.slow
def test_findings_without_a_cell_are_listed(tmp_path: Path) -> None:
    def without_sheet(book: Workbook) -> None:
        book.remove(book["Khó khăn, kiến nghị"])

    path = faulty(tmp_path, without_sheet)
    book = opened(mark(Marking(path, judged(path)), plan()))
    (row,) = [row for row in book[RESULT].iter_rows() if row[0].value == "Lỗi"]
    assert [cell.value for cell in row][1:3] == ["Khó khăn, kiến nghị", "–"]
    assert row[2].hyperlink is None
    assert commented(book) == {}


@pytest.mark.slow
def test_everything_else_stays(source: Path, marked: bytes, checked: Checked) -> None:
    before, after = load_workbook(source), opened(marked)
    assert after.sheetnames == [RESULT, *before.sheetnames]
    theirs = {(sheet, cell.coordinate): cell for sheet, cell in cells(before)}
    for sheet, cell in cells(after):
        old = theirs.pop((sheet, cell.coordinate))
        assert (cell.value, cell.data_type, cell.number_format) == (old.value, old.data_type, old.number_format)
        assert repr((cell.font, cell.border, cell.alignment)) == repr((old.font, old.border, old.alignment))
        if (sheet, cell.coordinate) not in places(checked):
            assert repr((cell.fill, cell.protection)) == repr((old.fill, old.protection))
    assert not theirs
    for sheet in before.worksheets:
        copy = after[sheet.title]
        assert copy.merged_cells.ranges == sheet.merged_cells.ranges
        assert validations(copy) == validations(sheet)
        assert conditions(copy) >= conditions(sheet)
        assert copy.protection.sheet
        assert copy.protection.formatColumns == sheet.protection.formatColumns
        assert {k: d.width for k, d in copy.column_dimensions.items()} == {
            k: d.width for k, d in sheet.column_dimensions.items()
        }
        assert copy.print_title_rows == sheet.print_title_rows
        assert copy.print_area == sheet.print_area
        assert copy.freeze_panes == sheet.freeze_panes


def validations(sheet: object) -> set[tuple[str, str, str | None]]:
    return {(str(one.sqref), one.type, one.formula1) for one in sheet.data_validations.dataValidation}  # type: ignore[attr-defined]


def conditions(sheet: object) -> set[tuple[str, str]]:
    return {(str(area.sqref), rule.formula[0]) for area in sheet.conditional_formatting for rule in area.rules}  # type: ignore[attr-defined]


def test_our_colour_wins_over_conditional_formats(marked: bytes) -> None:
    areas = [(area, rule) for area in opened(marked)[FIGURES].conditional_formatting for rule in area.rules]
    assert sorted(rule.priority for _, rule in areas) == list(range(1, len(areas) + 1))
    first, rule = areas[0]
    assert rule.priority == 1
    assert rule.stopIfTrue
    assert cell_of(opened(marked), FIGURES, "B6", "Ghi chú").coordinate in first.sqref
    assert str(rule.dxf.fill.bgColor.rgb).endswith(RED)


def test_faulty_cells_can_be_typed_into(source: Path, marked: bytes, checked: Checked) -> None:
    locked = cell_of(load_workbook(source), FIGURES, "A4", "Tử số")
    assert locked.protection.locked
    assert (FIGURES, locked.coordinate) in places(checked)
    assert not opened(marked)[FIGURES][locked.coordinate].protection.locked


@pytest.mark.slow
def test_formulas_stay_and_keep_their_last_values(tmp_path: Path) -> None:
    def formulas(book: Workbook) -> None:
        plant(book)
        cell_of(book, FIGURES, "C1", "Tử số").value = '=LEN("<&>")+1'
        cell_of(book, FIGURES, "C1", "Ghi chú").value = '="Nêu rõ <&> "&"lý do"'
        errors_as_values(book)

    path = faulty(tmp_path, formulas)
    if HAS_OFFICE:  # a program that calculates
        path = saved_by_libreoffice(path, "xlsx")
    before = read_workbook(path, plan())
    copy = mark(Marking(path, judged(path)), plan())
    assert cell_of(opened(copy), FIGURES, "C1", "Tử số").value == '=LEN("<&>")+1'
    after = read_workbook(copy, plan())
    assert (after.info, after.tables, after.findings) == (before.info, before.tables, before.findings)
    if HAS_OFFICE:
        (row,) = [row for row in after.rows("figures") if row.code == "C1"]
        assert (row.values["numerator"], row.values["note"]) == (4, "Nêu rõ <&> lý do")


def test_text_like_a_formula_stays_text(marked: bytes, checked: Checked) -> None:
    book = opened(marked)
    progress = cell_of(book, TASKS, "III.1.3", "Tiến độ (%)")
    assert (progress.value, progress.data_type) == ('=HYPERLINK("http://x.example")', "s")
    assert cell_of(book, TASKS, "III.1.3", "Ghi chú").data_type == "s"
    listed = [cell for row in book[RESULT].iter_rows() for cell in row]
    assert {cell.data_type for cell in listed} <= {"s", "n"}
    (shown,) = [cell for cell in listed if cell.value == progress.value]
    assert shown.quotePrefix


@pytest.mark.slow
def test_a_copy_mended_in_place_is_accepted(marked: bytes, tmp_path: Path) -> None:
    assert read_workbook(marked, plan()).findings == judged_bytes(marked, tmp_path).content.findings != ()
    book = opened(marked)
    mend(book)
    target = tmp_path / "đã sửa.xlsx"
    book.save(target)
    again = judged(target)
    assert [finding for finding in again.findings if finding.severity is Severity.CRITICAL] == []
    assert again.verdict is Verdict.ACCEPTED


def judged_bytes(data: bytes, folder: Path) -> Checked:
    path = folder / "đánh dấu.xlsx"
    path.write_bytes(data)
    return judged(path)


def half_mended(data: bytes, target: Path) -> Path:
    book = opened(data)
    cell_of(book, INFO, "", "Ngày chốt số liệu").value = "18/10/2022"
    cell_of(book, FIGURES, "B2", "Tử số").value = 0
    cell_of(book, FIGURES, "B2", "Ghi chú").value = "Nêu rõ"
    cell_of(book, FIGURES, "B2", "Tỷ lệ (%)").value = None
    book.save(target)
    return target


@pytest.mark.slow
@pytest.mark.parametrize(
    "through_office", [False, pytest.param(True, marks=(pytest.mark.slow, needs_office))], ids=["excel", "libreoffice"]
)
def test_marked_again_only_the_new_findings_show(
    marked: bytes, checked: Checked, tmp_path: Path, through_office: bool
) -> None:
    path = half_mended(marked, tmp_path / "sửa một nửa.xlsx")
    if through_office:
        path = saved_by_libreoffice(path, "xlsx")
    second = judged(path)
    assert places(second) < places(checked)
    book = opened(mark(Marking(path, second), plan()))
    assert filled(book, RED) == places(second, Severity.CRITICAL)
    assert filled(book, YELLOW) == places(second, Severity.WARNING)
    assert [name for name in book.sheetnames if name.startswith(RESULT)] == [RESULT]
    theirs = cell_of(book, FIGURES, "B2", "Tử số")
    assert theirs.comment
    assert theirs.comment.text == "Xin xem lại số này"
    assert commented(book).keys() == places(second) | {(FIGURES, theirs.coordinate)}
    assert all(
        text.count("Hệ thống báo cáo:") == 1 for place, text in commented(book).items() if place in places(second)
    )
    ours = [rule for area, rule in _rules(book) if "Hệ thống báo cáo" in rule.formula[0]]
    assert len(ours) <= 2


def _rules(book: Workbook) -> list[tuple[object, object]]:
    return [(area, rule) for area in book[FIGURES].conditional_formatting for rule in area.rules]


def test_a_comment_that_stood_there_is_kept_below_ours(marked: bytes) -> None:
    comment = cell_of(opened(marked), FIGURES, "B2", "Tử số").comment
    assert comment
    assert comment.text.startswith("Hệ thống báo cáo:\nLỗi: ")
    assert comment.text.endswith("\n\nGhi chú có sẵn của Chuyên viên:\nXin xem lại số này")


def test_a_mended_workbook_loses_all_our_marks(marked: bytes, tmp_path: Path) -> None:
    book = opened(marked)
    mend(book)
    target = tmp_path / "đã sửa.xlsx"
    book.save(target)
    clean = opened(mark(Marking(target, Checked(read_workbook(target, plan()), ())), plan()))
    assert filled(clean, RED) == filled(clean, YELLOW) == set()
    assert set(commented(clean).values()) == {"Xin xem lại số này"}
    assert clean[RESULT]["A3"].value == "Không có lỗi hay cảnh báo nào."


@pytest.mark.slow
def test_other_formats_are_written_anew_from_their_values(source: Path, checked: Checked) -> None:
    path = xlsb_of(source)
    found = judged(path)
    copy = mark(Marking(path, found), plan())
    book, again = opened(copy), read_workbook(copy, plan())
    assert (again.info, again.tables, again.findings) == (
        found.content.info,
        found.content.tables,
        found.content.findings,
    )
    assert filled(book, RED) == places(found, Severity.CRITICAL) == places(checked, Severity.CRITICAL)
    assert commented(book).keys() == places(found)
    assert "lập lại" in str(book[RESULT]["A4"].value)
    assert cell_of(book, TASKS, "III.1.3", "Tiến độ (%)").data_type == "s"
    assert cell_of(book, FIGURES, "B1", "Tỷ lệ (%)").value == 55
    assert str(cell_of(book, FIGURES, "A3", "Tỷ lệ (%)").value).startswith("=")


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_files_of_other_programs_mended_in_the_new_form_are_accepted(source: Path, tmp_path: Path, suffix: str) -> None:
    path = saved_by_libreoffice(source, suffix)
    found = judged(path)
    assert found.verdict is Verdict.REJECTED
    (copy,) = mark_safely(plan(), [Marking(path, found)])
    assert copy
    book = opened(copy)
    assert filled(book, RED) == places(found, Severity.CRITICAL)
    mend(book)
    book.save(tmp_path / "sửa.xlsx")
    assert judged(tmp_path / "sửa.xlsx").verdict is Verdict.ACCEPTED


@pytest.mark.slow
def test_in_a_form_written_anew_findings_name_their_new_cells(source: Path, tmp_path: Path, checked: Checked) -> None:
    """The sender's rows and columns were moved; in the new form they stand where they belong, in the words too."""
    book = load_workbook(source)
    disarrange(book)
    moved = tmp_path / "xáo.xlsx"
    book.save(moved)
    found = judged(moved)
    assert places(found) != places(checked)
    copy = opened(mark(Marking(moved, found, is_fresh=True), plan()))
    assert filled(copy, RED) == places(checked, Severity.CRITICAL)
    listed = {cell.value for row in copy[RESULT].iter_rows() for cell in row}
    assert {finding.message for finding in checked.findings if "HYPERLINK" not in finding.message} <= listed


@pytest.mark.slow
def test_moved_rows_are_marked_where_they_stand(source: Path, tmp_path: Path) -> None:
    book = load_workbook(source)
    disarrange(book)
    moved = tmp_path / "xáo.xlsx"
    book.save(moved)
    found = judged(moved)
    copy = opened(mark(Marking(moved, found), plan()))
    assert filled(copy, RED) == places(found, Severity.CRITICAL)


def test_a_merged_cell_is_marked_where_it_shows(tmp_path: Path) -> None:
    path = faulty(tmp_path, lambda book: book[INFO].merge_cells("B11:C11"))
    content = read_workbook(path, plan())
    finding = Finding("not_a_date", Severity.CRITICAL, "Sai.", INFO, "C11")
    book = opened(mark(Marking(path, Checked(content, (finding,))), plan()))
    assert filled(book, RED) == {(INFO, "B11")}
    (place,) = [row[2] for row in book[RESULT].iter_rows() if row[2].hyperlink]
    assert place.hyperlink.location == f"'{INFO}'!B11"


@pytest.mark.slow
def test_a_hidden_sheet_with_findings_is_shown(tmp_path: Path) -> None:
    def hidden(book: Workbook) -> None:
        plant(book)
        book[TASKS].sheet_state = "hidden"

    path = faulty(tmp_path, hidden)
    assert opened(mark(Marking(path, judged(path)), plan()))[TASKS].sheet_state == "visible"


@pytest.mark.slow
def test_text_in_several_fonts_is_kept(tmp_path: Path) -> None:
    rich = CellRichText("Đạt ", TextBlock(InlineFont(b=True), "vượt "), "mức")

    def edit(book: Workbook) -> None:
        plant(book)
        cell_of(book, FIGURES, "B1", "Ghi chú").value = rich
        cell_of(book, FIGURES, "B1", "Ghi chú").font = Font(name="Arial")

    path = faulty(tmp_path, edit)
    copy = tmp_path / "đánh dấu.xlsx"
    copy.write_bytes(mark(Marking(path, judged(path)), plan()))
    assert cell_of(load_workbook(copy, rich_text=True), FIGURES, "B1", "Ghi chú").value == rich


@pytest.mark.slow
def test_unreadable_files_have_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "chữ.xlsx"
    path.write_bytes(b"Ma;Tu so")
    content = read_workbook(path, plan())
    checked = Checked(content, content.findings)
    with pytest.raises(CannotMarkError):
        mark(Marking(path, checked), plan())
    gone = tmp_path / "không có.xlsx"
    assert mark_safely(plan(), [Marking(path, checked), Marking(gone, checked)]) == [None, None]


def test_a_workbook_of_no_known_form_gets_its_findings_back(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "Danh sách"  # type: ignore[index]
    path = tmp_path / "khác.xlsx"
    book.save(path)
    content = read_workbook(path, plan())
    copy = opened(mark(Marking(path, Checked(content, content.findings)), plan()))
    assert copy.sheetnames == [RESULT, "Sheet"]
    assert copy["Sheet"]["A1"].value == "Danh sách"


@pytest.mark.slow
def test_nobody_is_drowned_in_findings(source: Path, checked: Checked) -> None:
    flood = tuple(Finding("x", Severity.WARNING, f"Mục {n}.", TASKS, f"A{n}") for n in range(1, MAX_LISTED + 100))
    book = opened(mark(Marking(source, Checked(checked.content, (*flood, *checked.findings))), plan()))
    listed = [row[0].value for row in book[RESULT].iter_rows()]
    assert sum(value in ("Lỗi", "Cảnh báo") for value in listed) == MAX_LISTED
    assert listed[-1] == f"… và {len(flood) + len(checked.findings) - MAX_LISTED} mục nữa, không liệt kê hết ở đây."
    assert filled(book, RED) == places(checked, Severity.CRITICAL)


@pytest.mark.slow
def test_many_are_marked_in_order_in_processes(source: Path, checked: Checked, marked: bytes) -> None:
    clean = filled_workbook(source.parent / "sạch")
    good = Marking(clean, Checked(read_workbook(clean, plan()), ()))
    copies = mark_safely(plan(), [Marking(source, checked), good, Marking(source, checked)])
    assert [bool(copy and filled(opened(copy), RED)) for copy in copies] == [True, False, True]


@pytest.mark.slow
def test_a_workbook_on_which_openpyxl_floods_is_written_anew(source: Path, checked: Checked, tmp_path: Path) -> None:
    """Harmless to read, but one and a half million styled empty cells are as many objects to openpyxl."""
    columns = [f"{a}{b}" for a in " ABCDE" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column.strip()}{row}" s="1"/>' for column in columns) + "</row>"
        for row in range(1, 10_000)
    )
    path = tmp_path / "nặng.xlsx"
    path.write_bytes(hostile.repacked(source.read_bytes(), {"xl/worksheets/sheet6.xml": hostile.worksheet(rows)}))
    assert read_one(path, plan()).tables == checked.content.tables
    copies = mark_safely(plan(), [Marking(path, checked), Marking(source, checked)])
    assert all(copies)
    heavy, light = (opened(copy or b"") for copy in copies)
    assert "lập lại" in str(heavy[RESULT]["A4"].value)
    assert "lập lại" not in str(light[RESULT]["A4"].value)
    assert filled(heavy, RED) == filled(light, RED) == places(checked, Severity.CRITICAL)


@needs_office
@pytest.mark.slow
def test_libreoffice_opens_the_copy_and_sees_the_marks(marked: bytes, checked: Checked, tmp_path: Path) -> None:
    path = tmp_path / "đánh dấu.xlsx"
    path.write_bytes(marked)
    book = load_workbook(saved_by_libreoffice(path, "xlsx"))
    assert book.sheetnames[0] == RESULT
    assert filled(book, RED) == places(checked, Severity.CRITICAL)
    assert commented(book).keys() == places(checked)
    links = [row[2].hyperlink for row in book[RESULT].iter_rows() if row[2].hyperlink]
    assert len(links) == sum(len(finding.places) for finding in checked.findings)
    assert all("!" in (link.location or "") for link in links)


@pytest.mark.slow
def test_check_annotate_writes_the_same(source: Path, marked: bytes, tmp_path: Path) -> None:
    target = tmp_path / "ra.xlsx"
    command = ["baocao", "check", str(source), "--json", "--annotate", str(target)]
    result = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), check=False)
    assert result.returncode == 1, result.stderr
    assert str(target) in result.stderr
    assert result.stdout.startswith("{")
    assert filled(opened(target), RED) == filled(opened(marked), RED)
    assert commented(opened(target)) == commented(opened(marked))
    for wrong in (str(source), str(tmp_path / "ra.xls")):
        result = subprocess.run([*command[:-1], wrong], capture_output=True, text=True, env=environment(tmp_path))
        assert result.returncode == 2


def environment(home: Path) -> dict[str, str]:
    folder = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "BAOCAO_HOME": str(home / "var")}
