"""A changed plan brought into a home with history: signed, told, refused where it would falsify what was reported."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import ROOT
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at
from support.workbooks.content import clean_content, counted
from support.workbooks.samples import clean_filled, write_filled

from baocao.decisions.plan_change import apply_plan, consider
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.reported.report import Report
from baocao.reminders.reminders import send_forms
from baocao.reporting.preparation import prepare_report
from baocao.site.build import build_site
from baocao.store import audit, reports
from baocao.store.accepted.history import history_of
from baocao.store.engine.database import reading, writing
from baocao.system.errors import UsageError
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace

Opened = Callable[[], Workspace]
NOVEMBER = Period(2022, 11)
UNIT = """\
  - code: STC
    name: Sở Tài chính
    email: vanphong.sotc@ninhbinh.example
    head_email: giamdoc.sotc@ninhbinh.example

calendar:
"""
INDICATOR = """\
  - code: C3
    group: c
    bullet: c.3
    name_short: Chỉ tiêu mới
    verbatim: 90% đơn vị làm việc mới.
    target_pct: 90
    kind: stock
    denominator: Tổng số
    numerator: Số đạt
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens the home on the folder ``dang-dung``, as often as asked."""
    folder = shutil.copytree(ROOT / "plans" / "ninh-binh-2022", tmp_path / "dang-dung")
    made: list[Workspace] = []

    def one() -> Workspace:
        made.append(Workspace(load_settings(home=tmp_path / "home", plan=folder, database_url="", _env_file=None)))
        return made[-1]

    yield one
    for workspace in made:
        workspace.engine.dispose()


def changed(opened: Workspace, *edits: tuple[str, str, str]) -> Path:
    """A copy of the plan in force with texts exchanged."""
    source = opened.settings.plan_folder
    folder = source.with_name("da-sua")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    for name, old, new in edits:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def report(workspace: Workspace, period: Period, moment: str, *, is_published: bool = False) -> Report:
    prepared = prepare_report(workspace, period, clock_at(workspace, moment), is_draft=False)
    assert isinstance(prepared.report, Report)
    if is_published and prepared.record:
        with writing(workspace.engine) as connection:
            reports.publish(connection, prepared.record, prepared.report.figures, prepared.record.made_at)
    return prepared.report


@pytest.mark.slow
def test_later_reports_follow_the_new_plan_and_earlier_ones_stay(opened: Opened) -> None:
    first = opened()
    submit(first.engine)
    published = report(first, OCTOBER, "2022-10-24T08:00", is_published=True)
    clock = clock_at(first, "2022-11-02T08:00")
    new = changed(
        first,
        ("plan.yaml", "calendar:\n", UNIT),
        ("plan.yaml", "name: Sở Nội vụ", "name: Sở Nội chính"),
        ("plan.yaml", "giamdoc.soct@ninhbinh.example", "vanthu.soct@ninhbinh.example"),
        ("plan.yaml", "overrides: {}", "overrides: {2022-12-23: false}"),
        ("indicators.yaml", "target_pct: 60", "target_pct: 70"),
    )
    with (new / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write(INDICATOR)
    considered = consider(first, new, clock)
    told = "\n".join(one.text for one in considered.changes)
    for text in ("Thêm đơn vị STC", "Sở Nội chính", "vanthu.soct", "A3: 60% → 70%", "Thêm chỉ tiêu C3", "Kỳ 12/2022"):
        assert text in told, text
    assert not considered.refusals
    assert any("10/2022: đã báo cáo" in text for text in considered.effects)
    assert first.settings.plan_folder.joinpath("plan.yaml").read_text(encoding="utf-8").count("STC") == 0
    with pytest.raises(UsageError, match="--name"):
        apply_plan(first, considered, sign("", "", clock))

    kept = apply_plan(first, considered, sign("Trần Thị Mẫu", "Công văn 12 (số liệu mô phỏng)", clock))
    assert kept is not None
    assert "Sở Nội vụ" in (kept / "plan.yaml").read_text(encoding="utf-8")
    later = opened()
    with reading(later.engine) as connection:
        entry = audit.entries(connection)[-1]
    assert (entry.who, entry.label) == ("Trần Thị Mẫu", "Đổi kế hoạch")
    assert report(later, OCTOBER, "2022-11-03T08:00") == published
    submit(later.engine, clean_content(later.plan, unit="SCT", period=NOVEMBER))
    after = report(later, NOVEMBER, "2022-11-24T08:00")
    assert {one.code: one.target_pct for one in after.figures}["A3"] == 70
    assert {one.code for one in after.figures} >= {"C3"}
    assert [one.unit for one in after.standings] == ["STTTT", "SCT", "SNV", "STC"]
    counts = {point.period: point.on_time + point.late + point.missing for point in after.timeliness}
    assert (counts[OCTOBER], counts[NOVEMBER]) == (3, 4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("plan.yaml", "  - code: SCT\n", "  - code: SCTX\n"), "đơn vị đã có báo cáo"),
        (("indicators.yaml", "  - code: B6\n", "  - code: B6X\n"), "sẽ mất chỗ đứng"),
        (("indicators.yaml", "    kind: flow\n", "    kind: stock\n"), "cộng theo cách cũ"),
        (("plan.yaml", "overrides: {}", "overrides: {2022-10-24: false}"), "kỳ này đã báo cáo"),
    ],
    ids=["unit", "indicator", "kind", "deadline"],
)
def test_what_would_falsify_history_is_refused(opened: Opened, edit: tuple[str, str, str], told: str) -> None:
    workspace = opened()
    submit(workspace.engine)
    report(workspace, OCTOBER, "2022-10-24T08:00", is_published=True)
    clock = clock_at(workspace, "2022-11-02T08:00")
    considered = consider(workspace, changed(workspace, edit), clock)
    assert any(told in text for text in considered.refusals), considered
    with pytest.raises(UsageError, match="Chưa thay đổi gì"):
        apply_plan(workspace, considered, sign("Trần Thị Mẫu", "thử", clock))
    with pytest.raises(UsageError, match="một bản sao"):
        consider(workspace, workspace.settings.plan_folder, clock)


MONTHS = (Period(2022, 9), OCTOBER, NOVEMBER)
DECEMBER = Period(2022, 12)


def sent(workspace: Workspace, unit: str, period: Period, numerator: float, denominator: float) -> None:
    content = clean_content(workspace.plan, unit=unit, period=period, cutoff=period.first_day.replace(day=18))
    submit(workspace.engine, counted(content, "A3", numerator, denominator, note="vì thử"))


@dataclass(frozen=True)
class Course:
    """A change of the plan, what is told of it, and who then reports in December."""

    edits: tuple[tuple[str, str, str], ...]
    told: str
    december: tuple[str, ...] = ("STTTT", "SCT", "SNV")


MERGED = Course(
    (
        (
            "plan.yaml",
            "    head_email: giamdoc.sonv@ninhbinh.example\n",
            "    head_email: giamdoc.sonv@ninhbinh.example\n    valid_to: 2022-11\n    merged_into: SCT\n",
        ),
    ),
    "SNV báo cáo đến hết kỳ 11/2022, sau đó nhập vào SCT",
    ("STTTT", "SCT"),
)
NEW_NAME = "Sở Khoa học và Công nghệ"
RENAMED = Course(
    (("plan.yaml", "name: Sở Thông tin và Truyền thông\n    email", f"name: {NEW_NAME}\n    email"),),
    f"STTTT đổi tên: “Sở Thông tin và Truyền thông” → “{NEW_NAME}”",
)
ADDED = Course(
    (("plan.yaml", "calendar:\n", UNIT.replace("\n\ncalendar", "\n    valid_from: 2022-12\n\ncalendar")),),
    "Thêm đơn vị STC (Sở Tài chính) từ kỳ 12/2022",
    ("STTTT", "SCT", "SNV", "STC"),
)
RAISED = Course(
    (
        (
            "indicators.yaml",
            "    target_pct: 60\n",
            "    target_pct: 60\n    phases: [{since: 2022-12, target_pct: 70, targets: {SNV: 65}}]\n",
        ),
    ),
    "A3: từ kỳ 12/2022 là 70%",
)
MOVED = Course(
    (("plan.yaml", "report: {day: 25}\n", "report: {day: 25}\n      moved: {2022-12: 2022-12-28}\n"),),
    "Kỳ 12/2022: hạn nộp 00 giờ 00 ngày 20/12/2022 → 00 giờ 00 ngày 28/12/2022",
)
COURSES = {"merged": MERGED, "renamed": RENAMED, "added": ADDED, "raised": RAISED, "moved": MOVED}
EVERY = Course(
    tuple(edit for one in COURSES.values() for edit in one.edits), "SNV báo cáo đến hết", ("STTTT", "SCT", "STC")
)
COUNTS = {"STTTT": (75.0, 100.0), "SCT": (160.0, 250.0), "SNV": (33.0, 50.0), "STC": (10.0, 20.0)}


@dataclass(frozen=True)
class Past:
    """A home with three published months: its folders, and their reports."""

    folder: Path
    reports: dict[Period, Report]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Its shares of A3 grow month by month."""
    folder = tmp_path_factory.mktemp("ba-thang")
    shutil.copytree(ROOT / "plans" / "ninh-binh-2022", folder / "dang-dung")
    workspace = lived_in(folder)
    before = {}
    for step, period in enumerate(MONTHS):
        for unit, many in (("STTTT", 100), ("SCT", 200), ("SNV", 50)):
            sent(workspace, unit, period, many * (0.5 + step / 10), many)
        before[period] = report(workspace, period, f"{period}-24T08:00", is_published=True)
    workspace.engine.dispose()
    return Past(folder, before)


def lived_in(folder: Path) -> Workspace:
    return Workspace(load_settings(home=folder / "home", plan=folder / "dang-dung", database_url="", _env_file=None))


@dataclass(frozen=True)
class After:
    """The home after a change: what was told, its reports of the three months made again, and December's."""

    workspace: Workspace
    again: dict[Period, Report]
    december: Report


def applied(past: Past, tmp_path: Path, course: Course) -> After:
    """The change brought into a copy of the home; then those who report then send December."""
    shutil.copytree(past.folder, tmp_path / "nha")
    first = lived_in(tmp_path / "nha")
    clock = clock_at(first, "2022-11-28T08:00")
    considered = consider(first, changed(first, *course.edits), clock)
    assert course.told in "\n".join(one.text for one in considered.changes)
    assert considered.refusals == ()
    apply_plan(first, considered, sign("Trần Thị Mẫu", "Nghị quyết 1 (số liệu mô phỏng)", clock))
    first.engine.dispose()
    later = lived_in(tmp_path / "nha")
    again = {period: report(later, period, "2022-11-29T08:00") for period in MONTHS}
    for unit in course.december:
        sent(later, unit, DECEMBER, *COUNTS[unit])
    return After(later, again, report(later, DECEMBER, "2022-12-28T08:00"))


@pytest.fixture(params=[*COURSES, "every"])
def after(request: pytest.FixtureRequest, past: Past, tmp_path: Path) -> tuple[str, After]:
    """Each change on its own, and all of them at once."""
    name = request.param
    return name, applied(past, tmp_path, COURSES.get(name, EVERY))


@pytest.mark.slow
def test_each_change_leaves_three_months_and_the_later_ones_are_right(past: Past, after: tuple[str, After]) -> None:
    """One unit merged, one renamed, one added, a target raised by phase, a deadline moved."""
    name, found = after
    assert found.again == past.reports
    course, now, is_every = COURSES.get(name, EVERY), found.december, name == "every"
    units = {one.unit: one.name for one in now.standings}
    assert tuple(units) == course.december
    assert units["STTTT"] == (NEW_NAME if name in ("renamed", "every") else "Sở Thông tin và Truyền thông")
    assert (now.completeness_pct, [one.on_time + one.late + one.missing for one in now.timeliness]) == (
        100,
        [3, 3, 3, len(course.december)],
    )
    figure = next(one for one in now.figures if one.code == "A3")
    sums = [sum(part) for part in zip(*(COUNTS[unit] for unit in course.december), strict=True)]
    target = 70 if name in ("raised", "every") else 60
    assert ([figure.numerator, figure.denominator], figure.target_pct) == (sums, target)
    assert figure.reached is (sums[0] * 100 >= target * sums[1])
    assert figure.absent == figure.carried == ()
    kept = {one.unit: one.reached for one in now.unit_figures if one.code == "A3"}
    own = {unit: 65 if target == 70 and unit == "SNV" else target for unit in kept}
    assert kept == {unit: COUNTS[unit][0] * 100 >= own[unit] * COUNTS[unit][1] for unit in kept}
    assert {one.period: one.ratio_pct for one in now.trend if one.code == "A3"}[NOVEMBER] == 70
    day = found.workspace.calendar[DECEMBER].submit_before.day
    assert day == (28 if name in ("moved", "every") else 20)
    assert any("Sở Nội vụ nhập vào Sở Công Thương" in text for text in now.unit_changes) is (
        is_every or name == "merged"
    )
    if is_every:
        goes_on_with_its_heir(found)


def goes_on_with_its_heir(found: After) -> None:
    """What a merged unit reported, in comparisons, history, letters, pages."""
    later, now = found.workspace, found.december
    figure = next(one for one in now.figures if one.code == "A3")
    assert figure.comparison is not None
    assert (figure.comparison.now_pct, figure.comparison.before_pct) == (235 * 100 / 350, 245 * 100 / 350)
    mine = next(one for one in now.unit_figures if (one.unit, one.code) == ("SCT", "A3"))
    assert mine.previous_ratio_pct == 70
    with reading(later.engine) as connection:
        figures = history_of(connection, later.plan, [clean_content(later.plan, unit="SCT", period=DECEMBER)]).figures
    assert ("SCT", "2022-11", "A3", 175.0, 250.0) in list(figures)
    stranger = clean_filled(later.plan, "SNV", DECEMBER)
    path = write_filled(later.home / "SNV.xlsx", later.plan, "SNV", DECEMBER, stranger)
    (finding,) = (one for one in read_workbook(path, later.plan).findings if one.rule == "unit_mismatch")
    assert "SCT" in finding.message
    assert send_forms(later, DECEMBER, clock_at(later, "2022-12-02T08:00")) == 3
    build_site(later, clock_at(later, "2022-12-24T08:00"))
