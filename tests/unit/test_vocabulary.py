"""One vocabulary: each state says what it means and what happens next; a word that people read stands in one place."""

import ast
import json
import pickle
import re

import pytest
from pydantic import TypeAdapter
from support import ROOT

from baocao.domain.planned.form import FormKind
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Timeliness, UnitState

STATES = {
    "baocao/domain/received/submission.py": ("Verdict", "ReceiptState", "UnitState", "Timeliness"),
    "baocao/domain/received/finding.py": ("Severity",),
    "baocao/domain/planned/form.py": ("FormKind",),
    "baocao/domain/planned/job.py": ("Job",),
    "baocao/domain/delivery.py": ("DeliveryState",),
    "baocao/domain/signature.py": ("Channel",),
    "baocao/store/reports.py": ("ReportState",),
    "baocao/intake/mailbox/deciding.py": ("Fate",),
    "baocao/domain/reported/followed.py": ("ProposalState",),
}
ONE_MEANING = ("Occasion", "Outcome", "Mailbox", "Waiting", "Attachment", "Trouble", "Check", "Verdict", "Signature")


@pytest.mark.parametrize(("file", "name"), [(file, name) for file, names in STATES.items() for name in names])
def test_every_state_says_what_it_means(file: str, name: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    (found,) = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef) and node.name == name)
    lines = text.splitlines()
    members = [one for one in found.body if isinstance(one, ast.Assign)]
    mute = [ast.unparse(one) for one in members if not re.match(r"    # \w.{20,}", lines[one.lineno - 2])]
    assert members
    assert mute == []


def test_words_that_people_read_stand_on_the_enums_alone() -> None:
    severities, states = (
        re.compile(r'"Lỗi".{1,40}"Cảnh báo".{1,40}"Lưu ý"', re.S),
        re.compile(r'"Trả lại, chờ sửa"|"Bị trả lại"'),
    )
    doubled = [
        str(path.relative_to(ROOT))
        for room in ("baocao", "expectations", "deployments", "tasks", "flows", "portal")
        for path in (ROOT / room).rglob("*.py")
        for text in [path.read_text(encoding="utf-8")]
        if severities.search(text) or states.search(text)
    ]
    assert sorted(doubled) == ["baocao/domain/received/submission.py"]


def test_the_words_themselves() -> None:
    assert [one.label for one in Severity] == ["Lỗi", "Cảnh báo", "Lưu ý"]
    assert [one.label for one in UnitState] == ["Đã chấp nhận", "Trả lại, chờ sửa", "Chưa nộp", "Tạm giữ, chờ xem"]
    assert [one.reported for one in UnitState] == ["Đã chấp nhận", "Bị trả lại", "Chưa nộp", "Chờ xác minh"]
    assert [one.label for one in Timeliness] == ["Đúng hạn", "Quá hạn", "Chưa nộp"]
    assert FormKind.FINAL.report_name == "Báo cáo tổng kết, đánh giá"


def test_a_state_is_its_value_wherever_it_goes() -> None:
    for one in UnitState:
        assert (pickle.loads(pickle.dumps(one)), UnitState(one.value), f"{one}") == (one, one, one.value)  # noqa: S301
        assert (json.dumps(one), TypeAdapter(UnitState).validate_python(one.value)) == (f'"{one.value}"', one)


@pytest.mark.slow
def test_a_name_has_one_meaning() -> None:
    classes: dict[str, list[str]] = {name: [] for name in ONE_MEANING}
    for room in ("baocao", "expectations", "deployments", "tasks", "flows", "portal"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = _named(node)
                if name in classes:
                    classes[name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in classes.items() if len(places) > 1} == {}


def _named(node: ast.AST) -> str:
    if isinstance(node, ast.ClassDef):
        return node.name
    is_alias = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.col_offset == 0
    return node.targets[0].id if is_alias else ""  # type: ignore[attr-defined]
