"""The shipped plan says what the plan says, word by word; a faulty plan is refused with file, line and field."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT
from support.workbooks.samples import plan

from baocao.domain.planned.calendar_rules import Before
from baocao.domain.planned.form import Rows
from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.plan.loading import load_plan
from baocao.plan.rollout import read_sources
from baocao.system.errors import PlanError, reason_of

SOURCE = (ROOT / "tests/golden/ke-hoach-trich.txt").read_text(encoding="utf-8")  # sections I.3, II, III and V
Break = Callable[[str, str, str], Path]


def _words(text: str) -> str:
    return " ".join(text.split())


def _place(text: str) -> int:
    return _words(SOURCE).find(_words(text))


def test_the_counts_of_the_plan() -> None:
    shipped = plan()
    atomic = [f for f in shipped.figures if not f.is_headline] + [i for i in shipped.indicators if not i.components]
    assert (len(shipped.indicators), len(shipped.figures), len(atomic)) == (15, 35, 26)
    assert (len(shipped.unit_tasks), len(shipped.tasks), len(shipped.units)) == (15, 25, 3)
    assert [unit.code for unit in shipped.units] == ["STTTT", "SCT", "SNV"]
    assert shipped.coordinator == "STTTT"


def test_targets_kinds_and_separate_components() -> None:
    targets = {i.code: i.target_pct for i in plan().indicators}
    assert {code: target for code, target in targets.items() if target != 100} == {"A3": 60, "B3": 80, "B5": 80}
    assert {i.code for i in plan().indicators if i.is_separate} == {"A4", "B8"}
    assert {i.code for i in plan().indicators if i.kind is IndicatorKind.FLOW} == {"A3", "A4", "B4", "B5"}


def test_indicators_and_tasks_are_verbatim_and_in_the_plan_s_order() -> None:
    targets = [_place(indicator.verbatim) for indicator in plan().indicators]
    tasks = [_place(task.verbatim) for task in plan().tasks]
    assert -1 not in targets
    assert -1 not in tasks
    assert targets == sorted(targets)  # B1 and B2 share one sentence of the plan
    assert tasks == sorted(set(tasks))


def test_clauses_groups_deadlines_and_milestones_are_verbatim() -> None:
    shipped = plan()
    texts = [indicator.verbatim_clause for indicator in shipped.indicators]
    texts += [task.due_verbatim for task in shipped.tasks]
    texts += [*shipped.indicator_groups.values(), *shipped.task_groups.values()]
    texts += [one.text for one in shipped.milestones if one.code in ("M1", "M3", "M6")]
    assert [text for text in texts if _place(text) == -1] == []


def test_everyone_who_must_be_told_is_in_the_plan() -> None:
    shipped = plan()
    assert {r.code for r in shipped.recipients_of(RecipientRole.REPORT)} == {"UBND", "BCD"}
    assert {r.code for r in shipped.recipients_of(RecipientRole.BUDGET)} == {"STC"}
    addresses = [r.email for r in shipped.recipients] + [a for u in shipped.units for a in (u.email, u.head_email)]
    assert all(address.endswith(".example") for address in addresses)  # reserved: a trial run reaches nobody


def test_periods_and_their_forms() -> None:
    shipped = plan()
    forms = [(str(period), shipped.form_of(period).label) for period in shipped.periods]
    monthly = [f"2022-{month:02d}" for month in range(9, 13)] + ["2023-01", "2023-02"]
    assert forms == [("2022-08", "BC-PHANCONG/1"), *[(p, "BC-THANG/1") for p in monthly], ("2023-03", "BC-TONGKET/1")]
    with pytest.raises(KeyError, match="2022-07"):
        shipped.cycle(Period(2022, 7))


def test_the_rows_of_each_kind_of_sheet() -> None:
    counts = {rows.value: len(plan().row_codes(rows)) for rows in Rows}
    assert counts == {
        "labels": 0,
        "free": 0,
        "figures": 35,
        "indicators": 15,
        "tasks": 15,
        "indicators_and_tasks": 30,
    }
    assert plan().row_codes(Rows.FIGURES)[:5] == ("A1", "A2", "A2.1", "A2.2", "A3")


@pytest.mark.parametrize(("day", "months", "expected"), [(20, 0, "20/02"), (31, 0, "28/02"), (1, 1, "01/03")])
def test_before_a_day_that_the_month_lacks(day: int, months: int, expected: str) -> None:
    assert f"{Before(day=day, months_after=months).date_in(Period(2023, 2)):%d/%m}" == expected


@pytest.fixture
def broken(tmp_path: Path) -> Break:
    """A copy of the shipped plan with one text replaced in one file."""

    def break_it(part: str, old: str, new: str) -> Path:
        folder = tmp_path / "plan"
        shutil.copytree(ROOT / "plans" / "ninh-binh-2022", folder)
        text = (folder / part).read_text(encoding="utf-8")
        assert old in text
        (folder / part).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return break_it


FAULTS = [
    ("plan.yaml", "coordinator: STTTT\n", "", "coordinator: thiếu trường bắt buộc", ""),
    ("plan.yaml", "short_title:", "tên_ngắn:", "tên_ngắn: trường không có trong mẫu", "tên_ngắn:"),
    ("plan.yaml", "    head_email: giamdoc.soct", "    headmail: giamdoc.soct", "units.1.headmail: ", "headmail:"),
    ("plan.yaml", "    email: vanphong.soct@ninhbinh.example\n", "", "units.1.email: thiếu trường", "- code: SCT"),
    ("plan.yaml", "code: SCT", "code: sct", "units.1.code: không đúng dạng", "code: sct"),
    ("plan.yaml", "code: SNV", "code: SCT", "units.2.code: mã đơn vị “SCT” xuất hiện hai lần", "code: SCT"),
    (
        "plan.yaml",
        "coordinator: STTTT",
        "coordinator: STC",
        "coordinator: “STC” không có trong danh sách",
        "coordinator: STC",
    ),
    ("plan.yaml", "vanphong.soct@", "vanphong.soct@@", "units.1.email: không phải địa chỉ thư", "vanphong.soct@@"),
    ("plan.yaml", "email: giamdoc.soct@", "email: giám đốc@", "units.1.head_email: không phải địa", "giám đốc@"),
    (
        "plan.yaml",
        "timezone: Asia/Ho_Chi_Minh",
        "timezone: Asia/Hanoi",
        "calendar.timezone: không có múi",
        "Asia/Hanoi",
    ),
    ("plan.yaml", "timezone: Asia/Ho_Chi_Minh", "timezone: ../../etc", "calendar.timezone: không có múi", "../../etc"),
    ("recipients.yaml", "@", "@@", "recipients.0.email: không phải địa chỉ thư điện tử; viết như ten@", "@@"),
    ("plan.yaml", "- form: thang", "- form: quy", "calendar.cycles.1.form: biểu mẫu “quy” không có", "- form: quy"),
    ("plan.yaml", "first: 2022-09", "first: 2022-08", "kỳ báo cáo “2022-08” xuất hiện hai lần", "first: 2022-08"),
    ("plan.yaml", "first: 2022-09", "first: 2022-13", "calendar.cycles.1.first: không có tháng 13", "first: 2022-13"),
    ("plan.yaml", "on_holiday: keep", "on_holiday: moved", "calendar.on_holiday: chỉ nhận", "on_holiday: moved"),
    ("plan.yaml", "submit: {day: 20}", "submit: {day: 32}", "calendar.cycles.1.submit.day: phải nhỏ hơn", "{day: 32}"),
    (
        "plan.yaml",
        "report: {day: 25}",
        "report: {day: 25}\n      moved: {2023-05: 2023-05-25}",
        "calendar.cycles.1: moved: hạn 25/05/2023 của kỳ 05/2023 phải",
        "- form: thang",
    ),
    ("plan.yaml", "start: 2022-09-01", "start: mai", "pilot.start: ", "start: mai"),
    ("plan.yaml", "units:\n", "units: [\n", "sai cú pháp YAML", "- code: STTTT"),
    ("indicators.yaml", "target_pct: 100", "target_pct: mười", "indicators.0.target_pct: phải là số", "mười"),
    ("indicators.yaml", "target_pct: 100", "target_pct: 120", "phải nhỏ hơn hoặc bằng 100", "target_pct: 120"),
    ("indicators.yaml", "kind: stock", "kind: stok", "indicators.0.kind: chỉ nhận", "kind: stok"),
    ("indicators.yaml", "code: A2.1", "code: A1", "mã chỉ tiêu “A1” xuất hiện hai lần", "- code: A1"),
    ("indicators.yaml", "    components_mode: joint\n", "", "components và components_mode", "- code: A2"),
    ("tasks.yaml", "is_reported: true", "is_reported: có", "tasks.0.is_reported: phải là true", "is_reported: có"),
    ("tasks.yaml", "code: III.1.2", "code: III.1.1", "mã nhiệm vụ “III.1.1” xuất hiện hai lần", "- code: III.1.1"),
    ("plan.yaml", "max_fall_points: 10", "max_fall: 10", "limits.ratio_drop.max_fall: trường không có", "max_fall: 10"),
    ("plan.yaml", "min_periods: 5", "min_periods: 2", "min_periods: phải lớn hơn hoặc bằng 3", "min_periods: 2"),
    ("plan.yaml", "max_change_pct: 20", "max_change_pct: .nan", "max_change_pct: phải nhỏ hơn hoặc bằng", ".nan"),
    ("plan.yaml", "ratio_jump: {", "ratio_jumps: {", "limits.ratio_jumps: trường không có", "ratio_jumps"),
    ("plan.yaml", "severities: {}", "severities: {outlier: nhẹ}", "severities.outlier: chỉ nhận", "outlier: nhẹ"),
    ("plan.yaml", "severities: {}", "severities: {file_unsafe: info}", "severities.file_unsafe: trường", "file_unsafe"),
    ("recipients.yaml", "roles: [report]", "roles: [reports]", "recipients.0.roles.0: chỉ nhận", "[reports]"),
    ("forms/thang.yaml", "version: 1", "version: một", "version: phải là số nguyên", "version: một"),
    ("forms/thang.yaml", "type: period", "type: month", "info.columns.4.type: chỉ nhận", "type: month"),
    ("forms/thang.yaml", "rows: figures", "rows: rows", "sheets.0.rows: chỉ nhận", "rows: rows"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("part", "old", "new", "expected", "on_line"), FAULTS, ids=[f"{f[0]}:{f[2]}" for f in FAULTS])
def test_a_fault_is_named_with_file_line_and_field(
    broken: Break, part: str, old: str, new: str, expected: str, on_line: str
) -> None:
    folder = broken(part, old, new)
    with pytest.raises(PlanError) as refused:
        load_plan(folder)
    (message,) = [line for line in str(refused.value).splitlines() if expected in line]
    assert message.startswith(f"{folder / part}:")
    line = (folder / part).read_text(encoding="utf-8").splitlines()[_line(message) - 1]
    assert on_line in line


def _line(message: str) -> int:
    return int(message.split(".yaml:")[1].split(":")[0])


def test_every_fault_is_told_at_once(broken: Break) -> None:
    folder = broken("plan.yaml", "code: SCT", "code: sct")
    text = (folder / "tasks.yaml").read_text(encoding="utf-8").replace("per_unit: true", "per_unit: ừ", 1)
    (folder / "tasks.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_plan(folder)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        str(folder / "plan.yaml"),
        str(folder / "tasks.yaml"),
    ]


@pytest.mark.parametrize("part", ["plan.yaml", "indicators.yaml", "tasks.yaml", "recipients.yaml"])
def test_a_missing_file_is_named(broken: Break, part: str) -> None:
    folder = broken(part, "", "")
    (folder / part).unlink()
    with pytest.raises(PlanError, match=f"{part}: không có tệp này"):
        load_plan(folder)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(broken: Break) -> None:
    folder = broken("tasks.yaml", "", "")
    (folder / "tasks.yaml").unlink()
    (folder / "tasks.yaml").mkdir()
    for read in (load_plan, read_sources):
        with pytest.raises(PlanError, match=r"tasks.yaml: không đọc được tệp: đó là thư mục; hãy cho .* quyền đọc"):
            read(folder)
    assert reason_of(PermissionError(errno.EACCES, os.strerror(errno.EACCES))) == "không có quyền"


def test_a_plan_without_forms_is_refused(broken: Break) -> None:
    folder = broken("plan.yaml", "", "")
    shutil.rmtree(folder / "forms")
    with pytest.raises(PlanError, match="forms: không có biểu mẫu nào"):
        load_plan(folder)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"- a\n- b\n", "tasks.yaml:1: tệp phải là một bảng"),
        (b"", "tasks.yaml:1: tệp phải là một bảng"),
        ("tasks: Kế hoạch".encode("utf-16"), "không ở bảng mã UTF-8"),
        ("tasks: 'mở\n".encode(), "sai cú pháp YAML"),
        (b"tasks: \x00\n", "sai cú pháp YAML"),
        (b"tasks: !!python/object/apply:os.getcwd []\n", "sai cú pháp YAML"),
        (b"tasks: []\ntasks: []\n", "tasks.yaml:2: khóa “tasks” xuất hiện hai lần"),
        (b"? [a, b]\n: c\n", "sai cú pháp YAML"),
    ],
)
def test_a_file_that_is_no_table_of_keys(broken: Break, content: bytes, expected: str) -> None:
    folder = broken("tasks.yaml", "", "")
    (folder / "tasks.yaml").write_bytes(content)
    with pytest.raises(PlanError, match=expected):
        load_plan(folder)


def test_a_period_is_taken_once_and_a_copy_derives_what_is_its_own() -> None:
    shipped, october = plan(), Period(2022, 10)
    assert shipped.at(october) is shipped.at(october)
    last = shipped.units[-1]
    gone = last.model_copy(update={"valid_to": october.shift(-1)})
    copy = shipped.model_copy(update={"units": (*shipped.units[:-1], gone)})
    assert copy.unit_by_code[last.code] is gone
    then = copy.at(october)
    assert then is copy.at(october)
    assert then.others == (gone,)
    assert last.code not in then.unit_by_code
    assert then.everyone_by_code[last.code] is gone
    assert then.at(october.shift(-1)) == copy
