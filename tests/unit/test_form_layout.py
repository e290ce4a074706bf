"""Where things stand in a form, and how much room texts take."""

import pytest
from support.workbooks.samples import plan

from baocao.domain.planned.form import Rows
from baocao.excel.measure import height, lines_needed
from baocao.workbook.layout import column_letter, entries_of


@pytest.mark.parametrize("rows", [rows for rows in Rows if rows not in (Rows.FREE, Rows.LABELS)])
def test_layout_agrees_with_the_plan_on_codes(rows: Rows) -> None:
    assert tuple(entry.code for entry in entries_of(plan(), rows)) == plan().row_codes(rows)


@pytest.mark.parametrize(("index", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_column_letters(index: int, letters: str) -> None:
    assert column_letter(index) == letters


def test_longer_text_needs_more_lines() -> None:
    text = "Rà soát, kiện toàn, bổ sung đảm bảo ban hành đầy đủ các quy chế"
    assert lines_needed("", 10) == 1
    assert lines_needed(text, 100) == 1 < lines_needed(text, 40) < lines_needed(text, 20)
    assert lines_needed(f"{text}\n{text}", 100) == 2
    assert lines_needed("x" * 200, 20) > 5
    assert height(1000) == 409
