"""The sample submissions tell a story that the real reader and the real rules believe, for any plan and seed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from unicodedata import is_normalized
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT
from support.workbooks.samples import SAMPLE, plan

from baocao.domain.planned.calendar import Schedule, build_calendar
from baocao.domain.planned.indicator import ComponentsMode, IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from baocao.intake.folder import find_waiting
from baocao.plan.loading import load_plan
from baocao.plan.workdays import working_days
from baocao.workbook.filling import Filled
from baocao.workbook.reading.reader import read_workbook
from deployments.sample import Sending, scenario, write
from deployments.sample.events import Event
from deployments.sample.figures import Counts, final_counts, month_counts
from deployments.sample.office import Character, Office, has_sheet, months_of
from expectations import check_batch

Judged = list[tuple[Sending, Checked]]
SHIPPED = sorted(path.parent.name for path in (ROOT / "plans").glob("*/plan.yaml"))


def calendar(of: Plan) -> Mapping[Period, Schedule]:
    return {schedule.period: schedule for schedule in build_calendar(of, working_days(of.calendar))}


@lru_cache
def sample() -> tuple[Sending, ...]:
    return scenario(plan(), calendar(plan()))


def told(event: Event) -> list[Sending]:
    return [one for one in sample() if one.story == event.value]


@lru_cache
def big_plan() -> Plan:
    units = tuple(
        Unit(code=f"DV-{number:02d}", name=f"Đơn vị thứ {number}", email=f"dv{number}@mau.example")
        for number in range(1, 24)
    )
    return Plan.model_validate(plan().model_dump() | {"units": units, "coordinator": "DV-07"})


@dataclass
class Past:
    """What a store would remember of the accepted workbooks."""

    figures: list[tuple[str, str, str, float | None, float | None]] = field(default_factory=list)
    tasks: list[tuple[str, str, str, float | None, str | None]] = field(default_factory=list)

    def keep(self, content: Content) -> None:
        unit, period = str(content.unit), str(content.period)
        self.figures = [row for row in self.figures if row[:2] != (unit, period)]
        self.tasks = [row for row in self.tasks if row[:2] != (unit, period)]
        for row in content.rows("figures"):
            self.figures.append((unit, period, str(row.code), row.values["numerator"], row.values["denominator"]))
        for row in content.rows("tasks"):
            self.tasks.append((unit, period, str(row.code), row.values["progress_pct"], row.values["status"]))


def read_all(of: Plan, sendings: Sequence[Sending], folder: Path) -> list[tuple[Sending, Content]]:
    """Every real file written and read."""
    real = [one for one in sendings if not one.is_lock_file]
    return [(one, read_workbook(write(one, of, folder / one.unit / one.file_name), of)) for one in real]


def judged(of: Plan, sendings: Sequence[Sending], folder: Path) -> Judged:
    """Every real file in one run: rules look at earlier periods only, so what is to be accepted is the past of all."""
    past, read = Past(), read_all(of, sendings, folder)
    for one, content in read:
        if not one.planted:
            past.keep(content)
    checked = check_batch(of, [content for _, content in read], History(past.figures, past.tasks))
    return [(one, result) for (one, _), result in zip(read, checked, strict=True)]


def judged_by_month(of: Plan, sendings: Sequence[Sending], folder: Path) -> Judged:
    """Every real file as the flows judge it: one batch a period, each against what was accepted before."""
    past, results = Past(), []
    for period in of.periods:
        read = read_all(of, [one for one in sendings if one.period == period], folder)
        checked = check_batch(of, [content for _, content in read], History(past.figures, past.tasks))
        for one in checked:
            if one.verdict is Verdict.ACCEPTED:
                past.keep(one.content)
        results += [(one, result) for (one, _), result in zip(read, checked, strict=True)]
    return results


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judged(plan(), sample(), tmp_path_factory.mktemp("sample"))


def rules(checked: Checked, severity: Severity) -> list[str]:
    return sorted(finding.rule for finding in checked.findings if finding.severity is severity)


def believe(verdicts: Judged) -> None:
    found = {(one.unit, one.period, one.file_name): rules(checked, Severity.CRITICAL) for one, checked in verdicts}
    planted = {(one.unit, one.period, one.file_name): sorted(one.planted) for one, _ in verdicts}
    assert found == planted


@pytest.mark.slow
def test_faulty_files_break_the_planted_rules_and_all_others_are_accepted(verdicts: Judged) -> None:
    believe(verdicts)
    planted = {rule for one, _ in verdicts for rule in one.planted}
    assert planted >= {"numerator_le_denominator", "note_when_below_target", "done_means_100", "value_missing"}
    assert planted >= {"result_agrees", "adjustment_explained", "due_within_pilot"}


def test_warnings_are_few_and_of_the_kinds_that_the_story_tells(verdicts: Judged) -> None:
    accepted = (checked for one, checked in verdicts if not one.planted)
    warnings = Counter(rule for checked in accepted for rule in rules(checked, Severity.WARNING))
    assert warnings["evidence_missing"] == 4
    assert warnings["task_overdue"] >= 2
    assert warnings["all_unchanged"] == warnings["stock_denominator_jump"] == warnings["task_regressed"] == 0
    assert warnings.total() <= 20


def test_no_ratio_is_above_100(verdicts: Judged) -> None:
    for one, checked in verdicts:
        for row in checked.content.rows("figures"):
            numerator, denominator = row.values["numerator"], row.values["denominator"]
            assert (numerator is None) == (denominator is None)
            assert one.planted or numerator is None or 0 <= numerator <= denominator, (one.file_name, row)


def test_every_workbook_is_marked_as_a_sample(verdicts: Judged) -> None:
    for _, checked in verdicts:
        assert SAMPLE in checked.content.info["prepared_by"]


def test_the_same_seed_tells_the_same_story() -> None:
    assert scenario(plan(), calendar(plan())) == sample()
    assert scenario(plan(), calendar(plan()), seed=7) != sample()


def test_sendings_are_in_order_and_on_time_but_for_the_late_one() -> None:
    assert all(one.sent_at <= after.sent_at for one, after in pairwise(sample()))
    late = [one for one in sample() if one.sent_at >= calendar(plan())[one.period].submit_before]
    assert late == told(Event.LATE)
    assert len(late) == 1
    for one in sample():
        schedule = calendar(plan())[one.period]
        assert schedule.open_at <= one.sent_at < schedule.report_at
        assert one.sent_at.utcoffset() == schedule.report_at.utcoffset()


def test_one_unit_misses_one_month_and_all_others_report_in_every_period() -> None:
    reported = {(one.unit, one.period) for one in sample() if not one.is_lock_file}
    missing = {(unit.code, period) for unit in plan().units for period in plan().periods} - reported
    assert len(missing) == 1
    unit, period = missing.pop()
    assert period in months_of(plan())
    assert unit != plan().coordinator


def test_what_is_returned_comes_back_mended_and_on_time() -> None:
    faulty = [one for one in sample() if one.planted]
    assert {plan().form_of(one.period).key for one in faulty} == {"phan-cong", "thang", "tong-ket"}
    for one in faulty:
        (mended,) = (other for other in told(Event.RETURNED) if other.period == one.period and not other.planted)
        assert one.sent_at < mended.sent_at < calendar(plan())[one.period].submit_before
        assert (mended.unit, mended.filled != one.filled) == (one.unit, True)


def test_a_file_sent_twice_is_the_same_bytes_under_another_name(tmp_path: Path) -> None:
    first, second = told(Event.TWICE)
    assert first.file_name != second.file_name
    paths = [write(one, plan(), tmp_path / one.unit / one.file_name) for one in (first, second)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with ZipFile(paths[0]) as package:
        core = package.read("docProps/core.xml").decode()
        assert {info.date_time for info in package.infolist()} == {(*first.saved_at.timetuple()[:5], 0)}
    assert core.count(f"{first.saved_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}") == 2


def test_intake_leaves_the_lock_file_and_takes_the_report(tmp_path: Path) -> None:
    lock, report = told(Event.LOCK_FILE)
    assert lock.is_lock_file
    assert lock.file_name == f"~${report.file_name}"
    for one in (lock, report):
        write(one, plan(), tmp_path / one.unit / one.file_name)
    waiting = find_waiting(tmp_path, plan().unit_by_code, datetime.now(UTC), stable_seconds=0)
    assert [one.path.name for one in waiting] == [report.file_name]


def values(filled: Filled) -> list[object]:
    rows = [row for table in filled.tables.values() for row in table.values()]
    return [
        value
        for row in (filled.info, *rows, *(r for free in filled.free.values() for r in free))
        for value in row.values()
    ]


def test_numbers_typed_as_text_are_grouped_and_ratios_have_a_percent_sign(verdicts: Judged) -> None:
    typed = told(Event.TYPED)
    texts = [value for one in typed if one.filled for value in values(one.filled)]
    assert not [value for value in texts if isinstance(value, int | float) and value > len(plan().units) + 5]
    assert any(isinstance(value, str) and value[1:2] == "." and value.replace(".", "").isdecimal() for value in texts)
    assert any(isinstance(value, str) and value.endswith("%") and "," in value for value in texts)
    offices = {unit.code: Office(plan(), unit, 2022) for unit in plan().units}
    for one, checked in verdicts:
        if one in typed and offices[one.unit].unit.code == plan().coordinator:
            counts = month_counts(offices[one.unit], months_of(plan()).index(one.period))
            read = {row.code: row.values["numerator"] for row in checked.content.rows("figures") if row.code in counts}
            assert read == {code: float(numerator) for code, (numerator, _) in counts.items()}


def test_decomposed_text_is_in_names_lists_and_notes_and_is_read_all_the_same(verdicts: Judged) -> None:
    (one,) = told(Event.DECOMPOSED)
    assert not is_normalized("NFC", one.file_name)
    assert one.filled
    statuses = {str(row["status"]) for row in one.filled.tables["tasks"].values()}
    assert any(not is_normalized("NFC", status) for status in statuses)
    checked = next(checked for other, checked in verdicts if other is one)
    assert all(is_normalized("NFC", row.values["status"]) for row in checked.content.rows("tasks"))


def test_the_final_figures_agree_with_the_months(verdicts: Judged) -> None:
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    finals: dict[tuple[str, str], tuple[float, float]] = {}
    seen: set[tuple[str, Period]] = set()
    for one, checked in verdicts:
        if one.planted or one.period < months_of(plan())[0] or (one.unit, one.period) in seen:
            continue
        seen.add((one.unit, one.period))
        for row in checked.content.rows("figures"):
            if not row.code or row.values["denominator"] is None:
                continue
            key, pair = (one.unit, row.code), (row.values["numerator"], row.values["denominator"])
            if has_sheet(plan().form_of(one.period), "assessments"):
                finals[key] = pair
            else:
                sums[key] = [sums[key][0] + pair[0], sums[key][1] + pair[1], sums[key][2] + 1]
    flows = {key for key in finals if plan().figure_by_code[key[1]].kind is IndicatorKind.FLOW}
    whole = {key for key in flows if sums[key][2] == len(months_of(plan()))}
    assert len({unit for unit, _ in whole}) == len(plan().units) - 1
    assert {key: finals[key] for key in whole} == {key: (sums[key][0], sums[key][1]) for key in whole}
    assert all(finals[key][1] > sums[key][1] for key in flows - whole)


def test_the_pilot_has_early_late_and_unreached_targets_and_one_that_does_not_occur(verdicts: Judged) -> None:
    results = Counter(
        row.values["result"]
        for one, checked in verdicts
        if not one.planted
        for row in checked.content.rows("assessments")
    )
    assert results["Đạt"] > results["Chưa đạt"] > 0
    assert results["Không phát sinh"] == 1


def test_difficulties_recur_in_the_same_words_and_one_beyond_authority_is_settled(verdicts: Judged) -> None:
    months: dict[tuple[str, str, bool], set[Period]] = defaultdict(set)
    for one, checked in verdicts:
        for row in checked.content.rows("difficulties"):
            key = (one.unit, row.values["difficulty"], bool(row.values["is_beyond_authority"]))
            months[key].add(one.period)
    assert max(len(periods) for periods in months.values()) >= 6
    beyond = [periods for (_, _, is_beyond), periods in months.items() if is_beyond]
    assert beyond
    assert all(len(periods) >= 2 and max(periods) < plan().periods[-1] for periods in beyond)


def bounded(of: Plan, counts: Counts) -> None:
    assert all(0 <= numerator <= denominator for numerator, denominator in counts.values())
    for indicator in of.indicators:
        if indicator.components_mode is ComponentsMode.JOINT:
            whole, base = counts[indicator.code]
            parts = [counts[component.code] for component in indicator.components]
            assert {denominator for _, denominator in parts} == {base}
            assert sum(n for n, _ in parts) - (len(parts) - 1) * base <= whole <= min(n for n, _ in parts)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), step=st.integers(0, 8), character=st.sampled_from(Character))
def test_counts_hold_together_for_any_seed(seed: int, step: int, character: Character) -> None:
    office = Office(plan(), plan().units[0], seed, character)
    bounded(plan(), month_counts(office, step))
    bounded(plan(), final_counts(office))


@pytest.mark.slow
def test_a_plan_of_many_units_has_as_much_life_in_every_month() -> None:
    sendings = scenario(big_plan(), calendar(big_plan()))
    stories = Counter(one.story for one in sendings if one.story)
    assert all(stories[event.value] >= 5 for event in Event if event is not Event.MISSING)
    for month in months_of(big_plan()):
        units = {one.unit for one in sendings if one.period == month}
        assert 18 <= len(units) <= 23, month
    assert len({(one.unit, one.period, one.file_name) for one in sendings}) == len(sendings)


@pytest.mark.slow
def test_many_units_are_believed_from_beginning_to_end(tmp_path: Path) -> None:
    believe(judged_by_month(big_plan(), scenario(big_plan(), calendar(big_plan()), seed=1), tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_plan_has_a_sample(name: str, tmp_path: Path) -> None:
    of = load_plan(ROOT / "plans" / name)
    some = [one for one in scenario(of, calendar(of)) if one.unit in {unit.code for unit in of.units[:2]}]
    assert {one.period for one in some} == set(of.periods)
    believe(judged(of, [one for one in some if one.period in (of.periods[0], of.periods[-1])], tmp_path))
