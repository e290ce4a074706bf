"""The sample submissions tell a story that the real reader and the real rules believe, for any plan and seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from factories import plan

from baocao.domain.calendar import Schedule, build_calendar
from baocao.domain.finding import Severity
from baocao.domain.history import History
from baocao.domain.period import Period
from baocao.domain.plan import Plan
from baocao.domain.submission import Checked, Content, Verdict
from baocao.workbook.reader import read_workbook
from baocao.workdays import working_days
from deployments.sample import Sending, scenario, write
from expectations import check_batch


def calendar(of: Plan) -> Mapping[Period, Schedule]:
    return {schedule.period: schedule for schedule in build_calendar(of, working_days(of.calendar))}


@lru_cache
def sample() -> tuple[Sending, ...]:
    return scenario(plan(), calendar(plan()))


def real(sendings: Sequence[Sending]) -> list[Sending]:
    return [one for one in sendings if not one.is_lock_file]


@dataclass
class Past:
    """What a store would remember of the accepted workbooks."""

    figures: list[tuple[str, str, str, float | None, float | None]] = field(default_factory=list)
    tasks: list[tuple[str, str, str, float | None, str | None]] = field(default_factory=list)

    def keep(self, content: Content) -> None:
        unit, period = str(content.unit), str(content.period)
        for row in content.rows("figures"):
            self.figures.append((unit, period, str(row.code), row.values["numerator"], row.values["denominator"]))
        for row in content.rows("tasks"):
            self.tasks.append((unit, period, str(row.code), row.values["progress_pct"], row.values["status"]))


def judged(of: Plan, sendings: Sequence[Sending], folder: Path) -> list[tuple[Sending, Checked]]:
    """Every real file written, read and judged: one batch a period, each against what was accepted before."""
    past, results = Past(), []
    for period in of.periods:
        batch = real([one for one in sendings if one.period == period])
        paths = [write(one, of, folder / str(period) / one.unit / one.file_name) for one in batch]
        contents = [read_workbook(path, of) for path in paths]
        checked = check_batch(of, contents, History(past.figures, past.tasks))
        for one in checked:
            if one.verdict is Verdict.ACCEPTED:
                past.keep(one.content)
        results += list(zip(batch, checked, strict=True))
    return results


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Sending, Checked]]:
    return judged(plan(), sample(), tmp_path_factory.mktemp("sample"))


def rules(checked: Checked, severity: Severity) -> list[str]:
    return sorted(finding.rule for finding in checked.findings if finding.severity is severity)


def test_faulty_files_break_the_planted_rules_and_all_others_are_accepted(
    verdicts: list[tuple[Sending, Checked]],
) -> None:
    found = {(one.unit, str(one.period), one.file_name): rules(checked, Severity.CRITICAL) for one, checked in verdicts}
    planted = {(one.unit, str(one.period), one.file_name): sorted(one.planted) for one, _ in verdicts}
    assert found == planted
    assert sum(bool(one.planted) for one, _ in verdicts) >= 3


def test_warnings_are_few_and_of_the_kinds_that_the_story_tells(verdicts: list[tuple[Sending, Checked]]) -> None:
    warnings = [rule for _, checked in verdicts for rule in rules(checked, Severity.WARNING)]
    assert {"evidence_missing", "task_overdue"} <= set(warnings)
    assert len(warnings) <= 40


def test_no_ratio_is_above_100(verdicts: list[tuple[Sending, Checked]]) -> None:
    for one, checked in verdicts:
        if one.planted:
            continue
        for row in checked.content.rows("figures"):
            numerator, denominator = row.values["numerator"], row.values["denominator"]
            assert (numerator is None) == (denominator is None)
            assert numerator is None or 0 <= numerator <= denominator, (one.file_name, row)
