"""A form that was drawn just now is not drawn again: the same bytes, and only for the very same occasion."""

from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook
from support.workbooks.samples import cell_of, plan

from baocao.domain.planned.period import Period
from baocao.workbook.blank import blank
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Known

OCTOBER = Period(2022, 10)


def drawn(folder: Path, known: Known = NOTHING_KNOWN, period: Period = OCTOBER) -> bytes:
    path = folder / "m.xlsx"
    write_blank(plan(), plan().form_of(period), plan().units[0], period, known, path)
    return path.read_bytes()


def test_the_same_form_is_drawn_once_and_another_one_anew(tmp_path: Path) -> None:
    first = drawn(tmp_path)
    known = replace(NOTHING_KNOWN, previous_pct={"A1": 12.5})
    other = drawn(tmp_path, known)
    assert cell_of(load_workbook(tmp_path / "m.xlsx"), "Chỉ tiêu", "A1", "Kỳ trước (%)").value == 12.5
    assert drawn(tmp_path) == first != other == drawn(tmp_path, replace(known))
    assert drawn(tmp_path, period=OCTOBER.next) not in (first, other)


def test_no_more_than_some_are_kept(tmp_path: Path) -> None:
    for number in range(3):
        drawn(tmp_path, Known(token=f"{number}"))
    assert len(blank._kept) <= blank._MOST_KEPT
