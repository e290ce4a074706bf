"""The run as a whole: a batch judges each workbook as if it were alone, in any order, and never hides a bug of ours."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from support import ROOT, TESTS
from support.workbooks.content import PLAN, clean_content, counted, edited, with_finding, with_rows

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Rule, Severity
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations import check_batch
from expectations.batch import frames_of
from expectations.checks import checks_of
from expectations.engine.run import CheckError, failing_lines
from expectations.engine.suites import suite_for
from expectations.rule import PAIR_CLOSE, VALUE_BETWEEN, Check, pair, words

NO_HISTORY = History()
HISTORY = History(
    figures=[(unit, "2022-09", "B1", 50.0, 100.0) for unit in ("SCT", "SNV")],
    tasks=[("SNV", "2022-09", "III.1.1", 90.0, "Đang triển khai")],
    due_dates={("SNV", "III.1.3"): date(2022, 10, 1)},
)


def mixed() -> list[Content]:
    """Units, periods and forms side by side, each with faults of its own."""
    month = edited(counted(clean_content(unit="SNV"), "A1", 101, 100), "tasks", "III.1.2", status=None)
    final = clean_content(unit="SCT", form="tong-ket", period=Period(2023, 3), cutoff=date(2023, 3, 18))
    plan = clean_content(unit="STTTT", form="phan-cong", period=Period(2022, 8), cutoff=date(2022, 8, 28))
    return [
        counted(month, "C1", None, 100),
        edited(final, "assessments", "B2", result="Chưa đạt"),
        with_rows(plan, "budget", {"task": "Z1", "amount_mil_vnd": -1.0}),
        clean_content(unit="SCT", period=Period(2022, 9), cutoff=date(2022, 9, 18)),
        Content(None, None, None, findings=(Finding("file_unreadable", Severity.CRITICAL, "…"),)),
    ]


@pytest.mark.slow
def test_a_mixed_batch_equals_each_workbook_alone_and_in_any_order() -> None:
    contents = mixed()
    together = check_batch(PLAN, contents, HISTORY)
    assert [len(one.findings) for one in together] == [6, 2, 2, 0, 1]
    assert together[:3] == [check_batch(PLAN, [content], HISTORY)[0] for content in contents[:3]]
    assert together[::-1] == check_batch(PLAN, contents[::-1], HISTORY)


@pytest.mark.slow
def test_a_batch_of_unreadable_files_is_judged_at_once() -> None:
    """Without the library, whose import alone takes seconds: a person waits for ``baocao check``."""
    script = """
import sys
from support.workbooks.content import PLAN
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.reported.history import History
from baocao.domain.received.submission import Content
from expectations import check_batch
finding = Finding("file_unreadable", Severity.CRITICAL, "…")
(one,) = check_batch(PLAN, [Content(None, None, None, findings=(finding,))], History())
print(one.verdict, one.findings == (finding,), sorted({"great_expectations", "pandas"} & set(sys.modules)))
"""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "unreadable True []"


@pytest.mark.slow
def test_findings_stand_worst_first_then_in_the_order_of_the_form_after_those_of_the_reader() -> None:
    read = Finding("row_unknown", Severity.WARNING, "…", "Nhiệm vụ", "A30")
    content = with_finding(mixed()[0], read)
    (one,) = check_batch(PLAN, [content], HISTORY)
    assert [finding.rule for finding in one.findings] == [
        "row_unknown",
        "numerator_le_denominator",
        "value_missing",
        "value_missing",
        "ratio_jump",
        "task_regressed",
        "task_overdue",
    ]
    assert [finding.sheet for finding in one.findings[2:4]] == ["Chỉ tiêu", "Nhiệm vụ"]


@pytest.mark.slow
def test_threads_do_not_disturb_each_other() -> None:
    contents = [clean_content(), counted(clean_content(), "A1", 101, 100)]
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(check_batch, PLAN, [content], NO_HISTORY) for content in contents]
        clean, broken = (job.result()[0].findings for job in jobs)
    assert clean == ()
    assert [finding.rule for finding in broken] == ["numerator_le_denominator"]


def test_an_empty_batch_is_no_run() -> None:
    assert check_batch(PLAN, [], NO_HISTORY) == []


RULE = Rule("broken", Severity.CRITICAL, "…", "…", "…")


@pytest.mark.parametrize(
    "check",
    [
        Check(RULE, "note", VALUE_BETWEEN, {"column": "name", "min_value": 0}, words("")),
        Check(RULE, "note", PAIR_CLOSE, pair("note", "code", tolerance=1.0), words("")),
    ],
    ids=["a number asked of a text", "a difference of texts"],
)
def test_a_rule_that_raises_is_a_bug_and_not_a_finding(check: Check) -> None:
    content = edited(clean_content(), "figures", "A1", name="chữ", note="chữ")
    frames = {"figures": frames_of(PLAN, [content], NO_HISTORY)["figures"]}
    with pytest.raises(CheckError, match="broken"):
        list(failing_lines(frames, {"figures": [check]}))


def test_every_check_looks_at_columns_that_are_there() -> None:
    frames = frames_of(PLAN, mixed(), NO_HISTORY)
    for key, checks in checks_of(PLAN).items():
        for check in checks:
            assert {*check.columns} <= {*frames[key]}, check.rule.name


def test_a_suite_carries_the_rules_weight_and_name() -> None:
    checks = checks_of(PLAN)["figures"]
    suite = suite_for("figures", checks)
    assert len(suite.expectations) == len(checks)
    for check, expectation in zip(checks, suite.expectations, strict=True):
        assert expectation.severity == check.rule.severity.value
        assert expectation.meta["rule"] == check.rule.name
