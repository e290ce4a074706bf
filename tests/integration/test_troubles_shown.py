"""What no run has mended yet is shown to whoever looks at the board: the site's first page and ``status``."""

from datetime import datetime
from pathlib import Path

import pytest
from support.stores.houses import house

from baocao.oversight.troubles import OpenTrouble, note_trouble, settle_troubles
from baocao.site import build_site
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace
from deployments.commands.board import print_status


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", f"sqlite:///{tmp_path / 'baocao.db'}")


@pytest.mark.slow
def test_the_board_shows_troubles_until_they_are_mended(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = read_clock(datetime(2022, 10, 18, 9), workspace.zone)
    note_trouble(workspace.home, OpenTrouble("2022-10-18T08:00:00+07:00", "thu-bao-cao", "2022-10", "đầy đĩa", "dọn"))
    for is_shown in (True, False):
        page = build_site(workspace, clock).read_text(encoding="utf-8")
        print_status(workspace, workspace.plan.periods[2], clock)
        said = " ".join(capsys.readouterr().out.split())
        told = "1 sự cố vận hành chưa xử lý (thu-bao-cao)"
        assert (told in page, told in said) == (is_shown, is_shown)
        settle_troubles(workspace.home, "thu-bao-cao", "2022-10")
