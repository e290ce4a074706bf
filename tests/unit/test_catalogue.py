"""The catalogue of rules is whole: every rule has a source, every finding that can be made is in it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT
from support.workbooks.samples import plan

from baocao.domain.planned.rule_limits import RuleLimits, Severities
from baocao.domain.received.finding import Rule
from expectations.catalogue import catalogue, limit_texts
from expectations.checks import checks_of
from tools.rules import PAGE, page

SOURCE = re.compile(
    r"Kế hoạch, mục [IV]+\.\d( và [IV]+\.\d)?: .+\.|Nghị định số \d+/\d{4}/NĐ-CP, (Điều \d+|Phụ lục [IV]+).*: .+\."
    r"|Quy ước của hệ thống: .+\."
)
CODE = ("baocao", "expectations", "tasks", "flows", "deployments")
# The rules of the forms' contract that the code has.
NAMED = [
    "file_unreadable",
    "file_unsafe",
    "file_encrypted",
    "form_unknown",
    "form_version",
    "unit_mismatch",
    "period_mismatch",
    "sheet_missing",
    "column_missing",
    "row_missing",
    "row_duplicate",
    "row_unknown",
    "not_a_number",
    "ambiguous_number",
    "not_whole",
    "not_a_date",
    "not_in_list",
    "cell_error",
    "legacy_font",
    "name_twice",
    "cells_merged",
    "value_missing",
    "negative",
    "numerator_le_denominator",
    "ratio_agrees",
    "joint_le_components",
    "joint_ge_components",
    "components_same_denominator",
    "headline_empty",
    "note_when_below_target",
    "progress_range",
    "done_means_100",
    "done_needs_date_and_product",
    "done_date_in_past",
    "not_started_means_0",
    "result_agrees",
    "adjustment_explained",
    "due_within_pilot",
    "amount_positive",
    "budget_task_known",
    "stock_denominator_jump",
    "ratio_drop",
    "ratio_jump",
    "all_unchanged",
    "task_regressed",
    "task_overdue",
    "evidence_missing",
    "outlier",
    "count_limit",
    "final_sum_agrees",
]


def _calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if f"{name}(" in text else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                    yield path.relative_to(ROOT), node


def _declared() -> set[str]:
    names = (call.args[0].value for _, call in _calls("Rule") if call.args and isinstance(call.args[0], ast.Constant))
    return {name for name in names if isinstance(name, str)}


def test_every_rule_of_the_code_and_of_the_contract_is_in_it() -> None:
    listed = {entry.rule for entry in catalogue(plan())}
    assert len(_declared()) >= len(NAMED)
    assert _declared() - {"as_assigned"} <= listed  # asked where figures are assigned alone: test_year.py
    assert set(NAMED) <= listed


def test_findings_are_made_by_rules_alone() -> None:
    makers = {str(path) for path, _ in _calls("Finding")}
    assert makers == {"baocao/domain/received/finding.py", "baocao/store/submissions.py"}  # the latter reads them back


def test_every_rule_has_a_source() -> None:
    wrong = {entry.rule: entry.source for entry in catalogue(plan()) if not SOURCE.fullmatch(entry.source)}
    assert wrong == {}
    with pytest.raises(TypeError):
        Rule("x", "warning", "…", "…")  # type: ignore[call-arg, arg-type]


def test_one_entry_for_a_name_and_severity() -> None:
    entries = catalogue(plan())
    keys = [(entry.rule, entry.severity) for entry in entries]
    assert len(keys) == len(set(keys))
    assert {key for key in keys if key[0] in ("final_sum_agrees", "cells_merged")} == {
        ("final_sum_agrees", "critical"),
        ("final_sum_agrees", "warning"),
        ("cells_merged", "critical"),
        ("cells_merged", "info"),
    }


def test_an_entry_says_all_that_is_promised() -> None:
    entry = next(entry for entry in catalogue(plan()) if entry.rule == "stock_denominator_jump")
    assert entry.as_row() == {
        "rule": "stock_denominator_jump",
        "severity": "warning",
        "sheet": "Chỉ tiêu",
        "says": "Mẫu số … của … (ô …) tăng/giảm …% so với kỳ … (…).",
        "remedy": "Hãy kiểm tra lại; nếu đúng, hãy nêu lý do ở cột Ghi chú.",
        "source": entry.source,
        "limits": {"max_change_pct": 20.0},
        "in_form": False,
    }
    for one in catalogue(plan()):
        assert not re.search(r"[{}]", one.says + one.remedy), one.rule
        assert one.says.strip()
        assert one.remedy.strip()


def test_limits_and_severities_name_rules_that_there_are() -> None:
    entries = catalogue(plan())
    warnings = {entry.rule for entry in entries if entry.severity == "warning"}
    assert set(RuleLimits.model_fields) <= {entry.rule for entry in entries}
    assert set(Severities.model_fields) <= warnings
    told = {entry.rule: limit_texts(plan(), entry) for entry in entries if entry.limits}
    assert told.keys() == {*RuleLimits.model_fields, "count_limit"}
    assert told["ratio_drop"] == ["giảm không quá 10 điểm phần trăm"]
    assert told["count_limit"] == ["Tử số, Mẫu số không quá 10.000.000"]


def test_the_catalogue_is_that_of_the_plan() -> None:
    limits = RuleLimits.model_validate({"ratio_drop": {"max_fall_points": 5.5}})
    own = plan().model_copy(update={"limits": limits, "severities": Severities(outlier="info")})
    entries = {entry.rule: entry for entry in catalogue(own)}
    assert entries["ratio_drop"].limits == {"max_fall_points": 5.5}
    assert limit_texts(own, entries["ratio_drop"]) == ["giảm không quá 5,5 điểm phần trăm"]
    assert entries["outlier"].severity == "info"


def test_no_number_of_a_limit_stands_in_a_check() -> None:
    """Checks are made from the plan: other limits make other options."""
    doubled = {
        rule: {name: value * 2 for name, value in limits.items()}
        for rule, limits in plan().limits.model_dump().items()
        if rule != "outlier"
    }
    own = plan().model_copy(update={"limits": RuleLimits.model_validate(doubled)})
    for before, after in zip(checks_of(plan())["figures"], checks_of(own)["figures"], strict=True):
        has_limit = before.rule.name in doubled and before.expectation != "ExpectColumnValuesToBeNull"
        assert (before.options != after.options) is has_limit, before.rule.name


def test_the_page_of_the_guide_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(plan()), "run python -m tools.rules"
    assert "(quy-tac.md)" in (ROOT / "docs/don-vi.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_is_made_without_the_heavy_libraries() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom baocao.plan.loading import load_plan\n"
        "from expectations.catalogue import catalogue\n"
        f"catalogue(load_plan(Path({str(ROOT / 'plans/ninh-binh-2022')!r})))\n"
        "print([name for name in ('great_expectations', 'pandas', 'prefect', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
