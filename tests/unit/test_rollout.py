"""A plan made from a plan: moved by months, drafted for the roll-out; only what changes is rewritten."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT
from support.reports.papers import Ending, final_assessment

from baocao.domain.planned.calendar import build_calendar
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.assessment import FinalAssessment, Proposal, Recommendation
from baocao.plan.loading import load_plan
from baocao.plan.rollout import Sources, moved_day, moved_plan, read_sources, rollout_draft, rollout_files
from baocao.plan.workdays import working_days
from baocao.plan.yaml_text import YamlText, scalar
from baocao.render.papers import paper_of
from baocao.system.errors import PlanError

FOLDER = ROOT / "plans" / "ninh-binh-2022"
SOURCES = read_sources(FOLDER)
KEEP, ADJUST, DROP = Proposal.KEEP, Proposal.ADJUST, Proposal.DROP


def loaded(texts: Sources, folder: Path) -> Plan:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_plan(folder)


def drafted(**proposals: Proposal) -> dict[str, str]:
    """The draft after an assessment that proposes this for these indicators and keeps the others."""
    plan = load_plan(FOLDER)
    recommendations = tuple(
        Recommendation(
            code=one.code,
            name=one.name_short,
            proposal=proposals.get(one.code, KEEP),
            evidence="1 đơn vị đạt, 2 chưa đạt",
            adjustments=("Đặt mục tiêu: riêng", "Tách “nhóm” nhỏ.") if proposals.get(one.code) is ADJUST else (),
        )
        for one in plan.indicators
    )
    assessment: Any = SimpleNamespace(
        plan=plan.code,
        period=Period(2023, 3),
        version=1,
        short_title=plan.short_title,
        recommendations=recommendations,
    )
    report: FinalAssessment = assessment
    return rollout_draft(SOURCES, report)


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (date(2022, 9, 1), 51, date(2026, 12, 1)),
        (date(2023, 2, 28), 51, date(2027, 5, 31)),  # a last day stays a last day
        (date(2022, 8, 30), 3, date(2022, 11, 30)),
        (date(2022, 8, 30), 6, date(2023, 2, 28)),
        (date(2022, 8, 31), 18, date(2024, 2, 29)),
        (date(2023, 3, 15), -12, date(2022, 3, 15)),
    ],
)
def test_days_move_by_whole_months(day: date, months: int, moved: date) -> None:
    assert moved_day(day, months) == moved


def test_all_dates_of_a_plan_move(tmp_path: Path) -> None:
    plan = loaded(moved_plan(SOURCES, Period(2026, 11)), tmp_path)

    assert [(str(one.first), str(one.last)) for one in plan.calendar.cycles] == [
        ("2026-11", "2026-11"),
        ("2026-12", "2027-05"),
        ("2027-06", "2027-06"),
    ]
    assert (plan.pilot.start, plan.pilot.end) == (date(2026, 12, 1), date(2027, 5, 31))
    dues = {task.code: task.due for task in plan.tasks if task.due}
    assert dues == {"V.1.4": date(2027, 6, 30), "V.2.1": date(2026, 11, 30)}
    third = next(one for one in plan.milestones if one.code == "M3")
    assert (third.start, third.end) == (date(2026, 12, 1), date(2027, 5, 31))
    assert plan.code == "ninh-binh-2026-11"


def test_a_shorter_month_keeps_the_order_of_its_deadlines(tmp_path: Path) -> None:
    for start in (Period(2026, 11), Period(2027, 2)):
        plan = loaded(moved_plan(SOURCES, start), tmp_path / str(start))
        first = build_calendar(plan, working_days(plan.calendar))[0]

        assert first.submit_before.date() == start.last_day
        assert first.report_at.date() == start.last_day
        assert first.report_before.date() == start.next.first_day


@pytest.mark.parametrize("month", range(1, 13))
def test_every_start_gives_the_same_number_of_periods(month: int) -> None:
    start = Period(2027, month)
    texts = moved_plan(SOURCES, start)
    cycles = yaml.safe_load(texts["plan.yaml"])["calendar"]["cycles"]

    assert cycles[0]["first"] == str(start)
    before = load_plan(FOLDER)
    assert [len(one.periods) for one in before.calendar.cycles] == [
        (Period.parse(c["last"]).year - Period.parse(c["first"]).year) * 12
        + Period.parse(c["last"]).month
        - Period.parse(c["first"]).month
        + 1
        for c in cycles
    ]


def test_only_dates_code_and_remarks_are_rewritten() -> None:
    texts = moved_plan(SOURCES, Period(2026, 11))
    changed = {
        name: [
            (old, new)
            for old, new in zip(SOURCES[name].splitlines(), texts[name].splitlines(), strict=name != "plan.yaml")
            if old != new
        ]
        for name in ("indicators.yaml", "recipients.yaml", "tasks.yaml", "forms/thang.yaml")
    }

    assert {name for name, lines in changed.items() if lines} == {"tasks.yaml"}
    assert all(old.split(":")[0] == new.split(":")[0] for old, new in changed["tasks.yaml"])
    assert "# previous, next" not in texts["plan.yaml"]
    assert texts["plan.yaml"].count("#") == SOURCES["plan.yaml"].count("#")


def test_the_remarks_say_which_sentences_still_name_old_dates(tmp_path: Path) -> None:
    remark = loaded(moved_plan(SOURCES, Period(2026, 11)), tmp_path).remarks[0]
    lines = SOURCES["tasks.yaml"].splitlines()
    numbers = [int(word) for word in remark.rstrip(".").replace(",", " ").split() if word.isdigit()]

    assert numbers
    assert any("trước ngày 31/8/2022" in lines[number - 1] for number in numbers)


def test_a_plan_made_from_a_made_plan_says_each_remark_once(tmp_path: Path) -> None:
    remarks = loaded(moved_plan(moved_plan(SOURCES, Period(2026, 11)), Period(2027, 1)), tmp_path).remarks
    assert len([one for one in remarks if one.startswith("Kế hoạch lập từ một kế hoạch khác")]) == 1
    assert len(set(remarks)) == len(remarks)


def test_days_off_of_the_old_years_are_dropped(tmp_path: Path) -> None:
    text = SOURCES["plan.yaml"].replace(
        "overrides: {} #", "overrides:\n    2022-09-02: false # nghỉ\n    2022-09-03: true\n  #"
    )
    assert yaml.safe_load(text)["calendar"]["overrides"]
    plan = loaded(moved_plan({**SOURCES, "plan.yaml": text}, Period(2026, 11)), tmp_path)

    assert plan.calendar.overrides == {}


def test_the_draft_drops_adjusts_and_keeps(tmp_path: Path) -> None:
    plan = loaded(drafted(A1=DROP, B4=ADJUST, C2=DROP, A3=ADJUST), tmp_path)
    before = {one.code: one for one in load_plan(FOLDER).indicators}
    after = {one.code: one for one in plan.indicators}

    assert set(before) - set(after) == {"A1", "C2"}
    note = "ĐIỀU CHỈNH: Đặt mục tiêu: riêng; Tách “nhóm” nhỏ (1 đơn vị đạt, 2 chưa đạt)"
    assert after["B4"].note == note  # it had none
    assert after["A3"].note == f"{note}. {before['A3'].note}"
    assert [after[code] for code in after if code not in ("A3", "B4")] == [
        before[code] for code in after if code not in ("A3", "B4")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("code", ["A1", "A2", "A4", "B9", "C1", "C2"])
def test_any_indicator_can_be_dropped(code: str, tmp_path: Path) -> None:
    plan = loaded(drafted(**{code: DROP}), tmp_path)

    assert code not in {one.code for one in plan.indicators}
    assert len(plan.indicators) == 14


def test_a_draft_without_any_indicator_is_refused_with_a_sentence() -> None:
    codes = [one.code for one in load_plan(FOLDER).indicators]
    with pytest.raises(PlanError, match="mọi chỉ tiêu đều được đa số đơn vị đề xuất bỏ"):
        drafted(**dict.fromkeys(codes, DROP))


def test_the_report_goes_out_beside_a_refused_draft() -> None:
    report = final_assessment({"SCT": Ending({"A1": (1, 1)})})
    dropped = tuple(one.model_copy(update={"proposal": DROP}) for one in report.recommendations)
    files = rollout_files(SOURCES, report.model_copy(update={"recommendations": dropped}))
    assert list(files) == ["CHUA-LAP.txt"]
    story = paper_of(report.model_copy(update={"recommendations": dropped})).story
    told = [text for section in story.sections for text in section.paragraphs]
    assert any("Không còn chỉ tiêu nào để nhân rộng nên chưa lập dự thảo" in text for text in told)
    assert not any("cho chủ trương nhân rộng" in text for text in told)


def test_the_draft_names_itself_a_draft_and_keeps_the_units(tmp_path: Path) -> None:
    texts = drafted()
    plan = loaded(texts, tmp_path)

    assert texts["plan.yaml"].startswith("# DỰ THẢO kế hoạch nhân rộng")
    assert plan.title == "Kế hoạch nhân rộng mô hình Chính quyền số cấp sở, ngành (dự thảo)"
    assert plan.short_title == "nhân rộng mô hình Chính quyền số cấp sở, ngành"
    assert plan.remarks[0].startswith("DỰ THẢO lập từ báo cáo tổng kết tháng 3 năm 2023")
    assert plan.units == load_plan(FOLDER).units
    assert plan.periods[0] == Period(2023, 5)


def test_a_folder_without_a_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="không có tệp này trong kế hoạch"):
        read_sources(tmp_path)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))))
def test_a_scalar_is_read_back_as_it_was(value: str) -> None:
    line = " ".join(value.split())

    assert yaml.safe_load(f"note: {scalar(value)}\n")["note"] == line or scalar(value) == line


def test_changes_do_not_move_each_other() -> None:
    text = YamlText("# đầu\na: 1 # một\nb:\n  - x: 1\n    y: 2\n  # giữa\n  - x: 3\n\n# cuối\nc: 4\n")
    text.replace_raw(("c",), "5")
    text.remove_item(("b", 0))
    text.add_key(("b", 1), "z", "ba")
    text.replace_raw(("a",), "9")

    assert text.changed() == "# đầu\na: 9 # một\nb:\n  - x: 3\n    z: ba\n\n# cuối\nc: 5\n"
