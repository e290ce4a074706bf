"""What a blank form already says: the last accepted ratios, of the months in the final form, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from content_factory import clean_content, counted
from house_factory import house
from store_factory import submit

from baocao.domain.planned.period import Period
from baocao.reminders.blank_forms import known_of
from baocao.workspace.workspace import Workspace

FEBRUARY, MARCH = Period(2023, 2), Period(2023, 3)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = house(tmp_path / "home", "")
    yield made
    made.engine.dispose()


def test_the_final_form_knows_the_last_months_stock_ratios_and_no_flow(workspace: Workspace) -> None:
    february = counted(clean_content(period=FEBRUARY), "B1", 3, 4, note="x")
    submit(workspace.engine, counted(clean_content(period=FEBRUARY.previous), "B1", 1, 4, note="x"))
    submit(workspace.engine, counted(february, "B9", 0, 0))

    final = known_of(workspace, "SCT", MARCH).previous_pct
    assert (final["B1"], final["B9"]) == (75.0, None)
    assert "A3" not in final
    assert known_of(workspace, "SNV", MARCH).previous_pct == {}
    assert known_of(workspace, "SCT", FEBRUARY).previous_pct["B1"] == 25.0
    assert known_of(workspace, "SCT", FEBRUARY).previous_pct["A3"] == 100.0
