"""A form that was drawn just now is not drawn again: the same bytes, and only for the very same occasion."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support import ROOT
from support.workbooks.samples import cell_of, plan

from baocao.domain.planned.period import Period
from baocao.plan.loading import load_plan
from baocao.workbook.blank import blank
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Known

OCTOBER = Period(2022, 10)


def drawn(folder: Path, known: Known = NOTHING_KNOWN, period: Period = OCTOBER) -> bytes:
    path = folder / "m.xlsx"
    write_blank(plan(), plan().form_of(period), plan().units[0], period, known, path)
    return path.read_bytes()


@pytest.mark.slow
def test_the_same_form_is_drawn_once_and_another_one_anew(tmp_path: Path) -> None:
    first = drawn(tmp_path)
    known = replace(NOTHING_KNOWN, previous_pct={"A1": 12.5})
    other = drawn(tmp_path, known)
    assert cell_of(load_workbook(tmp_path / "m.xlsx"), "Chỉ tiêu", "A1", "Kỳ trước (%)").value == 12.5
    assert drawn(tmp_path, replace(known)) == other != first
    assert drawn(tmp_path, period=OCTOBER.next) not in (first, other)


@pytest.mark.slow
def test_an_equal_plan_that_was_loaded_anew_counts_as_the_same_and_another_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws: list[object] = []
    monkeypatch.setattr(blank, "draw_workbook", lambda occasion: draws.append(occasion) or draw_workbook(occasion))
    shipped = load_plan(ROOT / "plans" / "ninh-binh-2022")
    for one in (shipped, shipped.model_copy(), shipped.model_copy(update={"title": "Kế hoạch khác"})):
        write_blank(one, one.form_of(OCTOBER), one.units[0], OCTOBER, Known(token="MN-1"), tmp_path / "m.xlsx")
    assert len(draws) == 2


@pytest.mark.slow
def test_no_more_than_some_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blank, "_MOST_KEPT", 2)
    periods = [OCTOBER.shift(number) for number in range(4)]
    for period in periods:
        drawn(tmp_path, period=period)
    assert [key[2] for key in blank._kept] == [str(period) for period in periods[-2:]]
