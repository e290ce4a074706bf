"""``baocao plan rules`` and ``plan calendar`` as they are typed, of the plan that is used, for machines and people."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

SHIPPED = ROOT / "plans" / "ninh-binh-2022"
FIELDS = ["rule", "severity", "sheet", "says", "remedy", "source", "limits", "in_form"]


def rules(*words: str, plan: Path = SHIPPED) -> str:
    """What the real command prints; it must not complain."""
    return printed("rules", *words, plan=plan, columns="100")


def printed(*words: str, plan: Path = SHIPPED, columns: str) -> str:
    """What the real command prints on a terminal of this width."""
    environment = os.environ | {"BAOCAO_PLAN": str(plan), "COLUMNS": columns}
    command = [sys.executable, "-m", "deployments.cli", "plan", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_json_is_one_list_of_entries() -> None:
    entries = json.loads(rules("--json"))
    assert all(list(entry) == FIELDS for entry in entries)
    assert {entry["severity"] for entry in entries} == {"critical", "warning", "info"}
    (outlier,) = [entry for entry in entries if entry["rule"] == "outlier"]
    assert outlier["limits"] == {"max_modified_z": 3.5, "min_periods": 5, "min_deviation_points": 1.0}
    assert (outlier["sheet"], outlier["in_form"]) == ("Chỉ tiêu", False)


@pytest.mark.slow
def test_people_read_whole_names_limits_and_sources_of_their_own_plan(tmp_path: Path) -> None:
    own = Path(shutil.copytree(SHIPPED, tmp_path / "plan"))
    text = (own / "plan.yaml").read_text(encoding="utf-8").replace("max_fall_points: 10", "max_fall_points: 5")
    (own / "plan.yaml").write_text(text, encoding="utf-8")
    table = rules(plan=own)
    assert "components_same_denominator" in table
    assert "giảm không quá 5 điểm" in table
    assert "Quy ước của hệ thống" in table
    assert "Cảnh báo" in table


@pytest.mark.slow
def test_no_date_of_the_calendar_is_cut_on_a_narrow_terminal() -> None:
    narrow = printed("calendar", columns="80")
    assert "…" not in narrow
    assert max(map(len, narrow.splitlines())) <= 80
    assert all(day in narrow for day in ("05/09/2022", "20/09/2022", "23/09/2022", "25/09/2022"))
