"""Official forms adopted as they are: understood, sent out, read, judged, returned, consolidated."""

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from support import ROOT
from support.stores.commands import run_here
from support.stores.databases import NOW
from support.stores.facts import submit
from support.workbooks.office import HAS_OFFICE
from support.workbooks.official import FLAT, PLAIN, TURNED, Style, write_official, write_word
from support.workbooks.samples import clean_filled, write_filled

from baocao.consolidation.figures import consolidate
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Checked, Verdict
from baocao.domain.reported.history import History
from baocao.intake.folder import find_waiting
from baocao.isolation.process import ReaderPool
from baocao.mail.letters.tables import finding_groups
from baocao.plan.adopted_form import next_version, write_adopted
from baocao.plan.loading import load_plan
from baocao.store.accepted.facts import frame_of
from baocao.store.engine.database import open_database, reading
from baocao.workbook.adopting.adopt import Proposal, propose
from baocao.workbook.adopting.drawn import sheet_of
from baocao.workbook.adopting.sight import Looking, look
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.request import Marking
from baocao.workbook.official.identity import IDENTITY_SHEET
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch
from expectations.catalogue import catalogue

SEPTEMBER = Period(2022, 9)
UNITS = ("STTTT", "SCT", "SNV")


def adopted(folder: Path, style: Style) -> tuple[Plan, Proposal]:
    """The shipped plan with its monthly form exchanged for an official one."""
    shutil.copytree(ROOT / "plans" / "ninh-binh-2022", folder / "plan")
    before = load_plan(folder / "plan")
    source = write_official(folder / "phu-luc-2.xlsx", before, style)
    base = before.forms["thang"]
    proposal = propose(before, base, next_version(base, source), look(Looking(source)).grids)
    write_adopted(proposal, source, folder / "plan" / "forms")
    return load_plan(folder / "plan"), proposal


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """A plan with the plainest official form, and the folder in which three units have filled it."""
    folder = tmp_path_factory.mktemp("chinh-thuc")
    plan, _ = adopted(folder, PLAIN)
    for unit in UNITS:
        write_filled(folder / f"{unit}.xlsx", plan, unit, SEPTEMBER, clean_filled(plan, unit, SEPTEMBER))
    return plan, folder


def judged(plan: Plan, source: Path | bytes) -> Checked:
    (checked,) = check_batch(plan, [read_workbook(source, plan)], History())
    return checked


@pytest.mark.slow
@pytest.mark.parametrize("style", [PLAIN, TURNED, FLAT], ids=["two-rows", "three-rows-turned", "one-row"])
def test_columns_and_rows_are_understood(tmp_path: Path, style: Style) -> None:
    plan, proposal = adopted(tmp_path, style)
    names = [name for _, name in style.figures]
    figures = plan.forms["thang"].sheet("figures")
    found = {one.key: names["ABCDEFGHI".index(one.at)] for one in figures.present}
    assert found["numerator"] in ("Số đạt", "Đã thực hiện", "Tử số")
    assert found["denominator"] in ("Tổng số", "Tổng số phải thực hiện", "Mẫu số")
    assert "Đơn vị tính" not in found.values()
    assert "ĐVT" not in found.values()
    for key in ("figures", "tasks"):
        sheet = plan.forms["thang"].sheet(key)
        assert tuple(line.code for line in sheet.lines if line.code) == plan.row_codes(sheet.rows)
    assert len(proposal.unsure) <= 3
    lacking = {one.key for one in proposal.missing}
    assert ("evidence" in lacking) is (style is not PLAIN)
    says = {one.rule: one.says for one in catalogue(plan)}
    assert ("BC-THANG/2 không có “Minh chứng”" in says["evidence_missing"]) is (style is not PLAIN)
    unit = clean_filled(plan, "SCT", SEPTEMBER)
    path = write_filled(tmp_path / "SCT.xlsx", plan, "SCT", SEPTEMBER, unit)
    checked = judged(plan, path)
    assert checked.verdict is Verdict.ACCEPTED, [one.message for one in checked.findings]
    values = {row.code: row.values for row in checked.content.rows("figures")}
    for code, typed in unit.tables["figures"].items():
        assert values[code]["numerator"] == typed.get("numerator"), code
        assert values[code]["denominator"] == typed.get("denominator"), code


def test_a_blank_copy_differs_in_what_was_filled_alone(house: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, folder = house
    path = tmp_path / "m.xlsx"
    write_blank(plan, plan.forms["thang"], plan.unit_by_code["SCT"], SEPTEMBER, NOTHING_KNOWN, path)
    copy, original = load_workbook(path), load_workbook(folder / "phu-luc-2.xlsx")
    assert copy.sheetnames == [*original.sheetnames, IDENTITY_SHEET]
    assert copy[IDENTITY_SHEET].sheet_state == "veryHidden"
    assert copy.custom_doc_props["baocao.unit"].value == "SCT"
    for sheet in original.worksheets:
        other = copy[sheet.title]
        assert sorted(map(str, sheet.merged_cells.ranges)) == sorted(map(str, other.merged_cells.ranges))
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == (
            other.page_setup.orientation,
            other.page_setup.paperSize,
        )
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                assert repr((twin.font, twin.border, twin.alignment)) == repr((cell.font, cell.border, cell.alignment))
                if cell.value is not None and cell.coordinate not in ("A4", "A5"):
                    assert twin.value == cell.value
    shown = copy.worksheets[0]
    assert (shown["A4"].value, shown["A5"].value) == ("Đơn vị báo cáo: Sở Công Thương", "Kỳ báo cáo: tháng 09/2022")


def counted_by_hand(paths: list[Path], plan: Plan) -> dict[str, tuple[float, float]]:
    """The sums of what stands under «Số đạt» and «Tổng số», row by row from the first under the header."""
    codes = [line.code for line in plan.forms["thang"].sheet("figures").lines]
    sums: dict[str, tuple[float, float]] = {}
    for path in paths:
        if path.suffix == ".docx":
            rows = [[cell.text for cell in row.cells] for row in Document(str(path)).tables[0].rows]
        else:
            rows = [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
        top = next(at for at, row in enumerate(rows) if row[5] == "Số đạt") + 1
        for code, row in zip(codes, rows[top:], strict=False):
            if code and row[5] not in ("", None):
                before = sums.get(code, (0, 0))
                sums[code] = (before[0] + int(row[5]), before[1] + int(row[4]))
    return sums


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["excel", "word"])
def test_three_units_consolidated_are_an_independent_sum(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan, source = request.getfixturevalue({"excel": "house", "word": "word"}[kind])
    paths = [source / f"{unit}.xlsx" for unit in UNITS]
    if kind == "word":  # two answer in Word, one in the sheet that it was sent
        paths = [tmp_path / f"{UNITS[0]}.docx", tmp_path / f"{UNITS[1]}.docx", tmp_path / f"{UNITS[2]}.xlsx"]
        for unit, path in zip(UNITS, paths[:2], strict=False):
            fill_word(source, plan, path, unit)
        write_filled(paths[2], plan, UNITS[2], SEPTEMBER, clean_filled(plan, UNITS[2], SEPTEMBER))
    engine = open_database(f"sqlite:///{tmp_path / 'baocao.db'}", plan.code, NOW)
    sums = counted_by_hand(paths, plan)
    assert len(sums) == 33
    contents = [read_workbook(path, plan) for path in paths]
    for checked in check_batch(plan, contents, History()):
        assert checked.verdict is Verdict.ACCEPTED, [one.message for one in checked.findings]
        submit(engine, checked.content)
    with reading(engine) as connection:
        frame = frame_of(connection, "figures", "thang", SEPTEMBER)
    engine.dispose()
    results = consolidate(plan, frame.drop(columns=["evidence", "note"]), SEPTEMBER)
    told = {one.code: (one.numerator, one.denominator) for one in results if one.numerator is not None}
    assert told == sums


@pytest.mark.slow
def test_findings_and_marks_stand_at_the_cells_of_the_form(house: tuple[Plan, Path]) -> None:
    plan, folder = house
    book = load_workbook(folder / "SCT.xlsx")
    sheet = plan.forms["thang"].sheet("figures")
    first, second = (next(line.row for line in sheet.lines if line.code == code) for code in ("A1", "A3"))
    shown = book.worksheets[0]
    shown[f"F{first}"] = "nhiều"
    shown[f"F{second}"], shown[f"E{second}"] = 10, 5
    shown["A6"] = "Số liệu tính đến ngày: 45/09/2022"
    shown[f"B{first + 1}"] = "nội dung khác hẳn"
    buffer = BytesIO()
    book.save(buffer)
    path = folder / "loi.xlsx"
    path.write_bytes(buffer.getvalue())
    checked = judged(plan, path)
    cells = {(one.rule, one.cell) for one in checked.findings}
    assert {
        ("not_a_number", f"F{first}"),
        ("numerator_le_denominator", f"F{second}"),
        ("not_a_date", "A6"),
        ("row_unknown", f"B{first + 1}"),
    } <= cells
    assert not any(one.rule in ("row_missing", "total_row", "table_end") for one in checked.findings)
    marked = load_workbook(BytesIO(mark(Marking(path, checked), plan)))
    assert marked[shown.title][f"F{first}"].comment is not None
    assert marked[IDENTITY_SHEET].sheet_state == "veryHidden"


def test_an_earlier_version_is_read_and_told(house: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, _ = house
    before = load_plan(ROOT / "plans" / "ninh-binh-2022")
    path = write_filled(tmp_path / "SCT.xlsx", before, "SCT", SEPTEMBER, clean_filled(before, "SCT", SEPTEMBER))
    content = read_workbook(path, plan)
    assert (content.form, content.unit, content.period) == ("thang", "SCT", SEPTEMBER)
    assert len(list(content.rows("figures"))) == 35
    assert [(one.rule, one.severity.value) for one in content.findings] == [("form_version", "warning")]


def test_the_official_file_itself_is_known_by_what_it_says(house: tuple[Plan, Path], tmp_path: Path) -> None:
    """Filled by hand without our copy: no hidden sheet, the unit and the month as they are written."""
    plan, folder = house
    book = load_workbook(folder / "SCT.xlsx")
    book.remove(book[IDENTITY_SHEET])
    book.custom_doc_props.props.clear()
    book.save(tmp_path / "m.xlsx")
    content = read_workbook(tmp_path / "m.xlsx", plan)
    assert (content.form, content.unit, content.period, content.findings) == ("thang", "SCT", SEPTEMBER, ())
    book = load_workbook(folder / "SCT.xlsx")
    book.worksheets[0]["A5"] = "Kỳ báo cáo: tháng 10/2022"
    book.save(tmp_path / "m.xlsx")
    (told,) = read_workbook(tmp_path / "m.xlsx", plan).findings
    assert (told.rule, told.cell) == ("period_mismatch", "A5")


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """A plan whose monthly form is a Word document, and the document."""
    folder = tmp_path_factory.mktemp("word")
    shutil.copytree(ROOT / "plans" / "ninh-binh-2022", folder / "plan")
    before = load_plan(folder / "plan")
    source = write_word(folder / "phu-luc-2.docx", before)
    with ReaderPool(before, workers=1) as pool:
        sight = pool.look_at(Looking(source))
    assert sight.page is not None
    base = before.forms["thang"]
    proposal = propose(before, base, next_version(base, source), sight.grids)
    assert len(proposal.unsure) <= 3
    write_adopted(proposal, source, folder / "plan" / "forms", sheet_of(sight.page))
    plan = load_plan(folder / "plan")
    assert next_version(plan.forms["thang"], source) == plan.forms["thang"].version
    return plan, source


def test_a_word_form_comes_in_as_a_sheet(word: tuple[Plan, Path], tmp_path: Path) -> None:
    """Its columns as wide as their texts ask, where Word was left to choose: it prints on a few pages."""
    plan, _ = word
    unit = clean_filled(plan, "SCT", SEPTEMBER)
    path = write_filled(tmp_path / "SCT.xlsx", plan, "SCT", SEPTEMBER, unit)
    shown = load_workbook(plan.forms["thang"].template).worksheets[0]
    widths = {at: shown.column_dimensions[at].width for at in "ABCDEFGHI"}
    assert widths["A"] < widths["C"] < widths["I"] < widths["B"]
    assert 100 < sum(widths.values()) < 200
    assert sum(shown.row_dimensions[row].height or 15 for row in range(1, shown.max_row + 1)) < 4000
    content = read_workbook(path, plan)
    values = {row.code: row.values["numerator"] for row in content.rows("figures")}
    assert values == {code: unit.tables["figures"].get(code, {}).get("numerator") for code in values}
    assert len(values) == 35
    assert content.findings == ()


def typed(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)


def fill_word(source: Path, plan: Plan, target: Path, unit: str = "SCT") -> dict[str, tuple[int, int]]:
    """Fill the document in as an office would; gives the row and column (from 1) of each numerator in its table."""
    filled, document = clean_filled(plan, unit, SEPTEMBER), Document(str(source))
    whose = f"Đơn vị báo cáo: {plan.unit_by_code[unit].name}"
    for paragraph, text in ((1, whose), (2, "Kỳ báo cáo: tháng 09/2022")):
        document.paragraphs[paragraph].text = text
    document.paragraphs[3].text = "Số liệu tính đến ngày: 18/09/2022"
    document.add_paragraph("Đánh giá chung: các nhiệm vụ được triển khai (số liệu mô phỏng).")
    places: dict[str, tuple[int, int]] = {}
    for number, key in enumerate(("figures", "tasks")):
        sheet, rows = plan.forms["thang"].sheet(key), document.tables[number].rows
        assert sheet.header
        top = sheet.header[0]
        for line in (one for one in sheet.lines if one.code):
            cells = rows[line.row - top].cells
            for column in sheet.present:
                value = filled.tables[key].get(line.code, {}).get(column.key)
                at = ord(column.at) - ord("A")
                if value is not None and not column.given:
                    cells[at].text = typed(value)
                if column.key == "numerator":
                    places[line.code] = (line.row - top + 1, at + 1)
    document.save(str(target))
    return places


@pytest.mark.slow
def test_a_word_form_is_answered_in_word(word: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, source = word
    path = tmp_path / "inbox" / "SCT" / "báo cáo.docx"
    path.parent.mkdir(parents=True)
    row, column = fill_word(source, plan, path)["A3"]
    content = read_workbook(path, plan)
    assert (content.form, content.unit, content.period, content.findings) == ("thang", "SCT", SEPTEMBER, ())
    given = clean_filled(plan, "SCT", SEPTEMBER).tables["figures"]
    values = {one.code: one.values["numerator"] for one in content.rows("figures")}
    assert values == {code: given.get(code, {}).get("numerator") for code in values}
    assert "Đánh giá chung" in content.info["narrative"]
    assert judged(plan, path).verdict is Verdict.ACCEPTED
    assert [one.path for one in find_waiting(tmp_path / "inbox", ["SCT"], NOW, 0, documents={".docx"})] == [path]
    assert find_waiting(tmp_path / "inbox", ["SCT"], NOW, 0) == []

    document = Document(str(path))
    document.tables[0].cell(row - 1, column - 1).text = "nhiều"
    document.paragraphs[3].text = "Số liệu tính đến ngày: 45/09/2022"
    document.save(str(path))
    checked = judged(plan, path)
    (told,) = (one for one in checked.findings if one.rule == "not_a_date")
    assert (told.sheet, told.cell) == ("Ngoài bảng", "dòng “Số liệu tính đến ngày”")
    assert told.message.startswith("Dòng “Số liệu tính đến ngày” ghi “45/09/2022”")
    (beside,) = (one for one in finding_groups(checked.findings) if one.sheet == "Ngoài bảng")
    assert (beside.title, beside.lines[0].place) == ("Ngoài bảng", "Dòng “Số liệu tính đến ngày”")
    at_line = Document(BytesIO(mark(Marking(path, checked), plan))).paragraphs[3]
    assert at_line._p.xpath("./w:commentRangeStart")
    (told,) = (one for one in checked.findings if one.rule == "not_a_number")
    assert (told.sheet, told.cell) == ("Bảng 1", f"hàng {row}, cột {column}")
    assert told.message.startswith(f"Bảng 1, hàng {row}, cột {column} ghi “nhiều”")
    marked = Document(BytesIO(mark(Marking(path, checked), plan)))
    assert any(told.message in one.text for one in marked.comments)
    assert marked.tables[0].cell(row - 1, column - 1).text == "nhiều"
    plain = load_plan(ROOT / "plans" / "ninh-binh-2022")
    assert "biểu mẫu hệ thống gửi kèm" in read_workbook(path, plain).findings[0].message


@pytest.mark.slow
def test_by_the_commands(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "plans" / "ninh-binh-2022", tmp_path / "plan")
    source = write_official(tmp_path / "phu-luc-2.xlsx", load_plan(folder))

    def baocao(*arguments: str) -> tuple[int, str, str]:
        return run_here(tmp_path, {"BAOCAO_HOME": str(tmp_path / "home"), "BAOCAO_PLAN": str(folder)}, *arguments)

    code, printed, _ = baocao("form", "adopt", str(source), "--as", "thang", "-o", str(folder / "forms"), "--json")
    document = json.loads(printed)
    assert code == 0
    assert set(document) == {"sheets", "unsure", "missing"}
    assert [set(one) for one in document["sheets"]] == [{"name", "columns", "rows"}] * 3
    figures = document["sheets"][0]
    assert {"header": "Kết quả thực hiện – Số đạt", "key": "numerator", "score": 100.0} in figures["columns"]
    assert [one["code"] for one in figures["rows"] if one["code"]][:3] == ["A1", "A2", "A2.1"]
    assert baocao("plan", "check")[0] == 0
    assert baocao("form", "adopt", str(folder / "plan.yaml"), "--as", "thang", "-o", str(tmp_path))[0] == 2
    document = write_word(tmp_path / "bao-cao.docx", load_plan(ROOT / "plans" / "ninh-binh-2022"))
    code, _, told = baocao("check", str(document), "--annotate", str(tmp_path / "m.xlsx"))
    assert (code, "đuôi .docx" in told) == (2, True)
    code, printed, _ = baocao("form", "check", str(folder / "forms"))
    assert code == 0
    assert (folder / "forms" / "xem-thu" / "thang.xlsx").is_file()
    assert ("thang.png" in printed) is HAS_OFFICE
