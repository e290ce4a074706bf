"""The example of how a day is written lies in the period that is reported on."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.workbooks.content import clean_content
from support.workbooks.samples import plan

from baocao.domain.planned.period import Period
from baocao.domain.received.example import dated, dated_findings
from baocao.domain.reported.history import History
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Known
from baocao.workbook.rules import NOT_A_DATE
from expectations import check_batch

DECEMBER = Period(2026, 12)


def test_only_the_example_is_moved() -> None:
    assert dated("Ngày viết như 18/10/2022.", DECEMBER) == "Ngày viết như 18/12/2026."
    assert dated("Ô C5 ghi “18/10/2022”.", DECEMBER) == "Ô C5 ghi “18/10/2022”."
    assert dated("như 18/10/2022", None) == "như 18/10/2022"


@pytest.mark.slow
def test_findings_of_reading_and_of_rules_give_it_in_their_period() -> None:
    broken = NOT_A_DATE.at(sheet="Nhiệm vụ", cell="F7", value="18/10/2022x", expected="ngày, như 18/10/2022")
    (moved,) = dated_findings((broken,), DECEMBER)
    assert moved.message == (
        "Ô F7 ghi “18/10/2022x”, không phải là ngày hợp lệ; cần ngày, như 18/12/2026. Hãy ghi ngày như 18/12/2026."
    )
    content = clean_content()
    content = replace(content, info={**content.info, "cutoff_date": None})
    (checked,) = check_batch(plan(), [content], History())
    (missing,) = [one for one in checked.findings if "Ngày chốt" in one.message]
    assert missing.message.endswith(f"như 18/{content.period.month:02d}/{content.period.year}.")  # type: ignore[union-attr]


@pytest.mark.parametrize("form", ["thang"])
def test_a_blank_form_gives_it_in_its_period(tmp_path: Path, form: str) -> None:
    period, made = Period(2022, 11), plan()
    path = tmp_path / "bieu.xlsx"
    write_blank(made, made.forms[form], made.unit_by_code["SCT"], period, Known(), path)
    book = load_workbook(path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    texts = [str(cell.value) for cell in cells] + [str(cell.comment.text) for cell in cells if cell.comment]
    texts += [f"{one.prompt} {one.error}" for sheet in book.worksheets for one in sheet.data_validations.dataValidation]
    assert not [text for text in texts if "18/10/2022" in text]
    assert len([text for text in texts if "như 18/11/2022" in text]) >= 2
