"""``baocao plan new`` as it is typed, and the draft that the final assessment leaves beside its files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.months.life import live, published, workspace_of

from baocao.domain.planned.period import Period
from baocao.domain.reported.assessment import FinalAssessment, Proposal
from baocao.plan.loading import load_plan

PILOT = ROOT / "plans" / "ninh-binh-2022"


def baocao(*arguments: str, plan: Path = PILOT) -> tuple[int, str, str]:
    """Run the real command; its code, what it printed, and what it complained of."""
    run = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "BAOCAO_PLAN": str(plan)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


@pytest.mark.slow
def test_a_new_plan_is_made_checked_and_has_its_calendar(tmp_path: Path) -> None:
    made = tmp_path / "moi"
    code, out, _ = baocao("plan", "new", "--from", str(PILOT), "--start", "2026-12", "-o", str(made))

    assert code == 0
    assert "Đã ghi kế hoạch “ninh-binh-2026-12”" in out
    assert baocao("plan", "check", str(made))[0] == 0
    code, out, _ = baocao("plan", "calendar", "--json", plan=made)
    assert code == 0
    assert '"open_at": "2026-12-01T08:00:00+07:00"' in out


def test_a_country_without_known_holidays_is_told_when_the_plan_is_checked(tmp_path: Path) -> None:
    plan = Path(shutil.copytree(PILOT, tmp_path / "plan")) / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("country: VN", "country: date"), encoding="utf-8")
    code, _, complaint = baocao("plan", "check", str(plan.parent))
    assert code == 2
    assert "Không có lịch nghỉ của nước “date” (calendar.country trong plan.yaml)" in complaint


def test_a_plan_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("của tôi", encoding="utf-8")
    code, _, complaint = baocao("plan", "new", "--from", str(PILOT), "--start", "2026-12", "-o", str(tmp_path))

    assert code == 2
    assert "đã có tệp" in complaint
    assert (tmp_path / "plan.yaml").read_text(encoding="utf-8") == "của tôi"


@pytest.mark.slow
def test_a_start_that_is_no_month_is_refused(tmp_path: Path) -> None:
    code, _, complaint = baocao("plan", "new", "--from", str(PILOT), "--start", "2026-13", "-o", str(tmp_path / "a"))

    assert code == 2
    assert "không có tháng 13/2026" in complaint


@pytest.mark.slow
def test_the_final_assessment_leaves_a_plan_that_holds(tmp_path: Path) -> None:
    workspace = workspace_of(PILOT, tmp_path)
    march = Period(2023, 3)

    live(workspace, [Period(2023, 2), march])
    one = published(workspace, march)
    draft = load_plan(one.folder / "ke-hoach-nhan-rong")

    assert isinstance(one.report, FinalAssessment)
    kept = [row.code for row in one.report.recommendations if row.proposal is not Proposal.DROP]
    assert [indicator.code for indicator in draft.indicators] == kept
    for row in one.report.recommendations:
        if row.proposal is Proposal.ADJUST:
            note = next(indicator.note for indicator in draft.indicators if indicator.code == row.code)
            assert note.startswith("ĐIỀU CHỈNH: ")
    assert draft.periods[0] == Period(2023, 5)
