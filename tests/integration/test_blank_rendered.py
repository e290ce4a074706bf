"""Blank and filled forms in the hands of LibreOffice: they open, calculate and print."""

from pathlib import Path

import pdfplumber
import pytest
from openpyxl import load_workbook
from support.workbooks.office import saved_by_libreoffice
from support.workbooks.samples import cell_of, clean, plan, write_filled

from baocao.domain.planned.period import Period
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.layout import lines_of

pytestmark = pytest.mark.slow
FORMS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}


@pytest.mark.parametrize("key", FORMS)
def test_blank_forms_print_whole(tmp_path: Path, key: str) -> None:
    shipped = plan()
    form, source = shipped.forms[key], tmp_path / f"{key}.xlsx"
    write_blank(shipped, form, shipped.unit_by_code["SNV"], Period.parse(FORMS[key]), NOTHING_KNOWN, source)
    with pdfplumber.open(saved_by_libreoffice(source, "pdf")) as pdf:
        pages = [(page.extract_text() or "").splitlines()[:-1] for page in pdf.pages]  # without the footer
        texts = [" ".join((page.extract_text() or "").split()) for page in pdf.pages]
        sizes = {tuple(sorted((round(page.width), round(page.height)))) for page in pdf.pages}
    assert sizes == {(595, 842)}
    assert all(f"Trang {number}/{len(texts)}" in text for number, text in enumerate(texts, start=1))
    day = shipped.cycle(Period.parse(FORMS[key])).submit.date_in(Period.parse(FORMS[key]))
    assert f"Hạn nộp: trước ngày {day:%d/%m/%Y}" in texts[0]
    guide = [text for text in texts if form.guide_title.upper() in text]
    assert len(guide) == 1
    assert f"{len(form.guide)}." in guide[0]
    headings = {line.heading for sheet in form.sheets for line in lines_of(shipped, sheet) if line.heading}
    assert [page for page in pages if page[-1] in headings or page[-2] in headings] == []
    whole = " ".join(texts)
    for sheet in form.sheets:
        assert sheet.title in whole
        for code in shipped.row_codes(sheet.rows):
            assert code in whole


def test_libreoffice_calculates_the_ratios(tmp_path: Path) -> None:
    shipped, source = plan(), tmp_path / "filled.xlsx"
    filled = clean(shipped, shipped.forms["thang"], "SCT", "2022-10")
    write_filled(source, shipped, "SCT", "2022-10", filled, ratios_as_values=False)
    book = load_workbook(saved_by_libreoffice(source, "xlsx"), data_only=True)
    for code, row in filled.tables["figures"].items():
        numerator, denominator = float(str(row["numerator"])), float(str(row["denominator"]))
        assert cell_of(book, "Chỉ tiêu", code, "Tỷ lệ (%)").value == pytest.approx(
            round(numerator / denominator * 100, 2), abs=0.006
        )
    assert not cell_of(book, "Chỉ tiêu", "A4", "Tỷ lệ (%)").value
