"""A year of figures that are no plain shares: a count, an amount, one that is better lower, one asked each quarter."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from sqlalchemy import text
from support import ROOT
from support.stores.facts import submit
from support.stores.houses import clock_at
from support.workbooks.content import clean_content, counted
from support.workbooks.samples import clean_filled, plan, write_filled

from baocao.domain.planned.choices import UnitPage
from baocao.domain.planned.indicator import Direction
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from baocao.domain.reported.report import Report
from baocao.mail.letters.tables import figure_lines
from baocao.narrative.monthly import narrate_month
from baocao.narrative.unit_page import head_pages
from baocao.render.xlsx.monthly import monthly_book
from baocao.reporting.preparation import prepare_report, render_report
from baocao.site.build import build_site
from baocao.store.accepted.tallies import reach
from baocao.store.engine.database import reading
from baocao.system.errors import PlanError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.filling import fill_form
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace
from expectations import check_batch
from expectations.catalogue import catalogue

UNITS = ("STTTT", "SCT", "SNV")
YEAR = periods_between(Period(2022, 1), Period(2022, 12))
MARCH, JUNE, JULY, DECEMBER = Period(2022, 3), Period(2022, 6), Period(2022, 7), Period(2022, 12)
FIRST = {"STTTT": 100, "SCT": 200, "SNV": 100}
RAISED = {"STTTT": 150, "SCT": 300, "SNV": 150}
MONEY = {"STTTT": 1200, "SCT": 2400, "SNV": 600}


def indicator(code: str, name: str, **more: Any) -> dict[str, Any]:
    common = {"code": code, "group": "a", "bullet": f"a.{code}", "name_short": name, "verbatim": f"{name}."}
    return common | {"kind": "stock", "numerator": "Đã làm", "denominator": "Phải làm", "target_pct": 100} | more


TRAINED = {"measure": "count", "unit": "lượt người", "assigned": FIRST}
INDICATORS = [
    indicator("A1", "Thủ tục cung cấp trực tuyến", target_pct=80),
    indicator(
        "N1",
        "Cán bộ được tập huấn",
        phases=[{"since": "2022-07", "target_pct": 100, "assigned": RAISED}],
        **TRAINED,
    ),
    indicator("M1", "Kinh phí giải ngân", measure="amount", unit="triệu đồng", assigned=MONEY, target_pct=95),
    indicator("L1", "Hồ sơ quá hạn", target_pct=5, operator="<=", direction="lower_is_better", kind="flow"),
    indicator("Q1", "Máy trạm được cài phần mềm phòng, chống mã độc", target_pct=90, every=3),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A home whose plan asks for these indicators, for a year."""
    yield from lived(tmp_path_factory.mktemp("nam"), INDICATORS)


def lived(folder: Path, indicators: list[dict[str, Any]]) -> Iterator[Workspace]:
    plan = shutil.copytree(ROOT / "plans" / "ninh-binh-2022", folder / "plan")
    whole = yaml.safe_load((plan / "plan.yaml").read_text(encoding="utf-8"))
    (month,) = (one for one in whole["calendar"]["cycles"] if one["form"] == "thang")
    whole["calendar"]["cycles"] = [month | {"first": "2022-01", "last": "2022-12"}]
    whole["pilot"] = {"start": "2022-01-01", "end": "2022-12-31"}
    del whole["preparation"]
    parts = {"plan.yaml": whole, "indicators.yaml": {"indicator_groups": {"a": "a) Thử"}, "indicators": indicators}}
    for name, data in parts.items():
        (plan / name).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    workspace = Workspace(load_settings(home=folder / "home", plan=plan, database_url="", _env_file=None))
    yield workspace


def judged(workspace: Workspace, content: Content) -> Checked:
    (checked,) = check_batch(workspace.plan, [content], History())
    return checked


def said(workspace: Workspace, unit: str, period: Period) -> dict[str, tuple[float, float]]:
    """What a unit reports: more each month; late files fewer each month."""
    month, many = period.month, (UNITS.index(unit) + 1) * 100
    assigned = RAISED if period >= JULY else FIRST
    told = {
        "A1": (many * (60 + 3 * month) // 100, many),
        "N1": (assigned[unit] * month // 11, assigned[unit]),
        "M1": (MONEY[unit] * month // 12, MONEY[unit]),
        "L1": (many * (15 - month) // 100, many),
    }
    if period.month % 3 == 0:
        told["Q1"] = (many * (80 + month) // 100, many)
    return {code: (float(top), float(base)) for code, (top, base) in told.items()}


def content_of(workspace: Workspace, unit: str, period: Period) -> Content:
    cutoff = period.first_day.replace(day=18)
    content = clean_content(workspace.plan.at(period), unit=unit, period=period, cutoff=cutoff)
    for code, counts in said(workspace, unit, period).items():
        content = counted(content, code, *counts, note="đang làm")
    return content


@pytest.mark.slow
def test_the_form_asks_what_its_month_asks_and_says_what_was_assigned(house: Workspace, tmp_path: Path) -> None:
    plan = house.plan
    for period, codes in ((Period(2022, 2), ["A1", "N1", "M1", "L1"]), (MARCH, ["A1", "N1", "M1", "L1", "Q1"])):
        assert [one.code for one in plan.at(period).figures] == codes
        assert plan.at(period).at(MARCH).row_codes(plan.forms["thang"].sheet("figures").rows) == tuple(
            one["code"] for one in INDICATORS
        )
        path = tmp_path / f"{period}.xlsx"
        write_blank(plan, plan.forms["thang"], plan.unit_by_code["SCT"], period, NOTHING_KNOWN, path)
        book = load_workbook(path)
        rows = {row[0].value: row for row in book["Chỉ tiêu"].iter_rows(max_col=9)}
        assert any("as_assigned|" in str(cell.value) for row in book["Tự kiểm tra"].iter_rows() for cell in row)
        assert ("Q1" in rows) is (period == MARCH)
        assert [cell.value for cell in rows["N1"]][4] == 200
        assert rows["N1"][1].value == "Cán bộ được tập huấn (lượt người, so với kế hoạch giao)"
        filled = clean_filled(plan.at(period), "SCT", period)
        for code, (top, base) in said(house, "SCT", period).items():
            filled.tables["figures"][code] |= {"numerator": int(top), "denominator": int(base), "note": "đang làm"}
        read = read_workbook(write_filled(path, plan, "SCT", period, filled), plan)
        checked = judged(house, read)
        assert checked.verdict is Verdict.ACCEPTED, [one.message for one in checked.findings]
        assert [row.code for row in read.rows("figures")] == codes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "counts", "note", "rule"),
    [
        ("N1", (250, 200), "", None),
        ("N1", (100, 100), "", "as_assigned"),
        ("M1", (100, 2400), "", "note_when_below_target"),
        ("L1", (6, 100), "", "note_when_below_target"),
        ("L1", (5001, 100_000), "", "note_when_below_target"),
        ("L1", (5, 100), "", None),
        ("L1", (101, 100), "đang làm", "numerator_le_denominator"),
        ("Q1", (89, 100), "", "note_when_below_target"),
    ],
)
def test_rules_follow_from_the_data(
    house: Workspace, code: str, counts: tuple[float, float], note: str, rule: str | None
) -> None:
    content = counted(content_of(house, "SCT", MARCH), code, *counts, note=note)
    found = {one.rule: one.message for one in judged(house, content).findings if one.severity == "critical"}
    assert set(found) == ({rule} if rule else set())
    if (code, rule) == ("L1", "note_when_below_target"):
        percent = {6: "6%", 5001: "5,001%"}[int(counts[0])]
        assert f"L1 là {percent} " in found[rule]
        assert "cao hơn mức tối đa 5%" in found[rule]


def test_the_catalogue_has_the_rules_of_what_the_plan_asks(house: Workspace) -> None:
    assert {one.rule: one.in_form for one in catalogue(house.plan)}["as_assigned"]
    assert "as_assigned" not in {one.rule for one in catalogue(plan())}


@pytest.mark.slow
def test_a_year_of_reports(house: Workspace) -> None:
    reports: dict[Period, Report] = {}
    for period in YEAR:
        for unit in UNITS:
            content = content_of(house, unit, period)
            submit(house.engine, content)
        prepared = prepare_report(house, period, clock_at(house, f"{period}-24T08:00"), is_draft=False)
        assert isinstance(prepared.report, Report)
        reports[period] = prepared.report
        sums = {code: [0.0, 0.0] for code in said(house, "SCT", period)}
        for unit in UNITS:
            for code, counts in said(house, unit, period).items():
                sums[code] = [one + more for one, more in zip(sums[code], counts, strict=True)]
        found = {one.code: one for one in prepared.report.figures}
        assert {code: [one.numerator, one.denominator] for code, one in found.items()} == sums
        assert found["L1"].reached is (sums["L1"][0] * 100 <= 5 * sums["L1"][1])
        assert found["N1"].reached is (sums["N1"][0] >= sums["N1"][1])
    with reading(house.engine) as connection:
        told = connection.execute(
            text("SELECT DISTINCT numerator > denominator, is_possible FROM v_values WHERE code = 'N1'")
        )
    assert {(bool(above), possible) for above, possible in told} == {(False, 1), (True, 1)}
    last = {one.code: one for one in reports[DECEMBER].figures}
    assert (last["N1"].denominator, last["N1"].ratio_pct) == (600, 653 * 100 / 600)
    assert last["L1"].direction is Direction.LOWER
    assert last["L1"].reached is True
    assert "Q1" not in {one.code for one in reports[JULY].figures}
    draft = prepare_report(house, JULY, clock_at(house, "2022-07-24T08:00"), is_draft=True).report
    assert draft.figures == reports[JULY].figures
    june = next(one for one in reports[JUNE].figures if one.code == "Q1")
    assert (june.before_pct, june.change_points) == (83, 3)
    assert {one.period for one in reports[DECEMBER].trend if one.code == "Q1"} == {
        MARCH,
        JUNE,
        Period(2022, 9),
        DECEMBER,
    }
    outlooks = {one.code: one.expected_pct for one in reports[JULY].forecasts if one.unit is None}
    assert outlooks["L1"] < next(one.cumulative_ratio_pct or 0 for one in reports[JULY].figures if one.code == "L1")
    folder = render_report(house, prepared)
    assert {path.suffix for path in folder.iterdir()} >= {".docx", ".pdf", ".xlsx"}


OWN = [
    indicator(
        "A1",
        "Thủ tục cung cấp trực tuyến",
        target_pct=80,
        targets={"SCT": 90, "SNV": 50.5},
        phases=[{"since": "2022-07", "target_pct": 80, "targets": {"SNV": 60}}],
    ),
    indicator("L1", "Hồ sơ quá hạn", target_pct=5, operator="<=", direction="lower_is_better", targets={"SCT": 2}),
    indicator("N1", "Cán bộ được tập huấn", target_pct=100, targets={"SCT": 50}, **TRAINED),
]
GIVEN = {
    "STTTT": {"A1": (85, 100), "L1": (4, 100), "N1": (100, 100)},
    "SCT": {"A1": (170, 200), "L1": (6, 200), "N1": (100, 200)},
    "SNV": {"A1": (55, 100), "L1": (5, 100), "N1": (99, 100)},
}
HELD = {
    "STTTT": {"A1": (80, True), "L1": (5, True), "N1": (100, True)},
    "SCT": {"A1": (90, False), "L1": (2, False), "N1": (50, True)},
    "SNV": {"A1": (50.5, True), "L1": (5, True), "N1": (100, False)},
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A home whose units have targets of their own."""
    yield from lived(tmp_path_factory.mktemp("rieng"), OWN)


@pytest.mark.slow
def test_each_unit_is_held_against_its_own_target(own: Workspace, tmp_path: Path) -> None:
    """By forms, rules, reports, letters, pages; the province against the plan's."""
    plan = own.plan
    for unit, given in GIVEN.items():
        content = clean_content(plan.at(MARCH), unit=unit, period=MARCH, cutoff=MARCH.first_day.replace(day=18))
        for code, (top, base) in given.items():
            content = counted(content, code, top, base, note="")
        found = {one.code: one.message for one in judged(own, content).findings if one.severity == "critical"}
        assert set(found) == {code for code, (_, reached) in HELD[unit].items() if not reached}
        if unit == "SCT":
            assert "thấp hơn mục tiêu 90%" in found["A1"]
            assert "cao hơn mức tối đa 2%" in found["L1"]
        told = {one.code: (one.target, one.reached) for one in figure_lines(plan, content, {})}
        assert told["A1"] == ({"STTTT": "80%", "SCT": "90%", "SNV": "50,5%"}[unit], HELD[unit]["A1"][1])
        path = tmp_path / f"{unit}.xlsx"
        write_blank(plan, plan.forms["thang"], plan.unit_by_code[unit], MARCH, NOTHING_KNOWN, path)
        shown = {row[0].value: row[2] for row in load_workbook(path)["Chỉ tiêu"].iter_rows(max_col=3)}
        assert {code: shown[code].value for code in given} == {code: target for code, (target, _) in HELD[unit].items()}
        assert (shown["L1"].number_format, shown["A1"].number_format) == ('"≤ "0', "General")
        assert {one.values["target_pct"] for one in read_workbook(path, plan).rows("figures")} == {
            target for target, _ in HELD[unit].values()
        }
        submit(own.engine, content)
    report = prepare_report(own, MARCH, clock_at(own, "2022-03-24T08:00"), is_draft=False).report
    assert isinstance(report, Report)
    assert {one.code: (one.target_pct, one.ratio_pct, one.reached, one.units_reached) for one in report.figures} == {
        "A1": (80, 77.5, False, 2),
        "L1": (5, 3.75, True, 2),
        "N1": (100, 74.75, False, 2),
    }
    reached = {unit: {code: is_met for code, (_, is_met) in held.items()} for unit, held in HELD.items()}
    told = {unit: {one.code: one.reached for one in report.unit_figures if one.unit == unit} for unit in UNITS}
    assert told == reached
    pages = head_pages(report, UnitPage.ANONYMOUS)
    assert [goal for _, _, goal in pages["SCT"].missed] == ["90%", "≤ 2%"]
    with reading(own.engine) as connection:
        assert {code: one.reached for code, one in reach(connection, plan.at(MARCH), MARCH).items()} == {
            "A1": 2, "L1": 2, "N1": 2,
        }  # fmt: skip
    book = load_workbook(BytesIO(monthly_book(report).save()))
    rows = {(row[0].value, row[1].value): row[3] for row in book["Theo đơn vị"].iter_rows(max_col=4)}
    cells = [rows["Sở Công Thương", "A1"], rows["Sở Công Thương", "L1"], rows["Sở Nội vụ", "A1"]]
    assert [(one.value, one.number_format) for one in cells] == [(0.9, "0%"), (0.02, '"≤ "0%'), (0.505, "0.0%")]
    after = plan.at(JULY)
    assert [after.aimed_at(unit).figure_by_code["A1"].target_pct for unit in UNITS] == [80, 90, 60]
    assert [after.at(MARCH).aimed_at(unit).figure_by_code["A1"].target_pct for unit in UNITS] == [80, 90, 50.5]
    build_site(own, clock_at(own, "2022-03-24T08:00"))
    assert "90%" in (own.home / "site" / "don-vi" / "SCT.html").read_text(encoding="utf-8")


def test_a_target_of_no_unit_is_told_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    with pytest.raises(PlanError, match=r"indicators.yaml:\d+: indicators.0.targets.SYT: “SYT” không có"):
        _ = next(lived(folder, [OWN[0] | {"targets": {"SYT": 70}}])).plan
    with pytest.raises(PlanError, match="phải có ít nhất một chỉ tiêu"):
        _ = next(lived(tmp_path / "khong", [])).plan


@pytest.mark.slow
def test_a_month_that_asks_no_indicator_has_no_sheet_of_them(tmp_path: Path) -> None:
    """Every indicator is asked each quarter: the months between send, miss and report nothing of them."""
    opened = lived(tmp_path / "quy", [indicator("Q1", "Máy trạm được cài phần mềm", target_pct=90, every=3)])
    workspace = next(opened)
    plan, february = workspace.plan, Period(2022, 2)
    for period, names in ((february, []), (MARCH, ["Máy trạm được cài phần mềm – quý I/2022"])):
        path = tmp_path / f"{period}.xlsx"
        form = plan.forms["thang"].asking(has_indicators=bool(names))
        write_blank(plan, plan.forms["thang"], plan.unit_by_code["SCT"], period, NOTHING_KNOWN, path)
        book = load_workbook(path)
        assert ("Chỉ tiêu" in book.sheetnames) is bool(names)
        rows = book["Chỉ tiêu"].iter_rows(max_col=2) if names else ()
        assert [row[1].value for row in rows if row[0].value == "Q1"] == names
        filled = clean_filled(plan.at(period), "SCT", period)
        if not names:
            filled = replace(filled, tables={"tasks": filled.tables["tasks"]})
        fill_form(path, path, form, filled, ratios_as_values=True)
        checked = judged(workspace, read_workbook(path, plan))
        assert checked.verdict is Verdict.ACCEPTED, [one.message for one in checked.findings]
        assert not [one.message for one in checked.findings if one.severity == "critical"]
        submit(workspace.engine, checked.content)
    report = prepare_report(workspace, february, clock_at(workspace, "2022-02-24T08:00"), is_draft=False).report
    assert isinstance(report, Report)
    assert (report.figures, report.trend) == ((), ())
    monthly_book(report).save()
    story = narrate_month(report)
    assert "kỳ này không hỏi chỉ tiêu nào" in story.headline
    assert "tất cả các chỉ tiêu" not in str(story)
    opened.close()


@pytest.mark.parametrize(
    ("month", "every", "told"),
    [(3, 3, "quý I/2022"), (12, 3, "quý IV/2022"), (6, 6, "6 tháng đầu năm 2022"), (12, 12, "năm 2022")],
)
def test_what_is_reported_together_is_named(month: int, every: int, told: str) -> None:
    assert Period(2022, month).span(every) == told
