"""Where approval is required, a report waits, goes out once when approved, and never when refused."""

import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook
from prefect._internal.pydantic.v2_schema import create_v2_schema
from prefect.utilities.schema_tools.validation import is_valid
from support.months.october import COLLECTED, OCTOBER, REPORTED, lay, lay_all

from baocao.reporting import approval
from baocao.reporting.prepared import latest_report
from baocao.system.clock import read_clock
from baocao.system.errors import NotDueError
from baocao.workspace.workspace import Workspace, open_workspace
from flows.approval import ApprovalInput
from flows.collect import collect
from flows.report import report

pytestmark = pytest.mark.slow  # one month in test_month.py is the quick suite's


def lived_in(home: Path, patch: pytest.MonkeyPatch) -> Workspace:
    """The process's workspace is on this home, where a report needs approval."""
    patch.setenv("BAOCAO_HOME", str(home))
    patch.setenv("BAOCAO_DATABASE_URL", f"sqlite:///{home / 'baocao.db'}")
    patch.setenv("BAOCAO_APPROVAL", "required")
    open_workspace.cache_clear()
    return open_workspace()


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose month was collected, and whose report was made and waits for its approver."""
    home = tmp_path_factory.mktemp("month") / "home"
    with pytest.MonkeyPatch.context() as patch:
        workspace = lived_in(home, patch)
        lay_all(workspace)
        collect("2022-10", COLLECTED)
        report("2022-10", REPORTED)
        workspace.engine.dispose()
    open_workspace.cache_clear()
    return home


@pytest.fixture
def waiting(month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A copy of it, for a test of its own."""
    opened = lived_in(shutil.copytree(month, tmp_path / "home"), monkeypatch)
    yield opened
    opened.engine.dispose()
    open_workspace.cache_clear()


def mails(workspace: Workspace, kind: str) -> list[str]:
    return sorted(path.name for path in workspace.outbox_folder.glob(f"{kind}~*.eml"))


def test_it_waits_and_goes_out_once_when_approved(waiting: Workspace) -> None:
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert record.state == "awaiting"
    assert mails(waiting, "report") == []
    assert len(mails(waiting, "approve")) == 1

    approval.approve(waiting, OCTOBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, waiting.zone))
    for _ in range(2):
        report("2022-10", REPORTED)
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.version, record.decided_by) == ("published", 1, "Nguyễn Văn Mẫu")
    assert mails(waiting, "report") == ["report~2022-10~v1.eml"]
    with pytest.raises(NotDueError):
        approval.approve(waiting, OCTOBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, waiting.zone))


def test_refused_it_never_goes_out_until_the_facts_change(waiting: Workspace) -> None:
    approval.refuse(waiting, OCTOBER, "Nguyễn Văn Mẫu", "số liệu B4 cần xem lại", read_clock(REPORTED, waiting.zone))
    report("2022-10", REPORTED)
    assert mails(waiting, "report") == []
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.decision_reason) == ("refused", "số liệu B4 cần xem lại")

    lay(waiting, "SCT", "ban-sua.xlsx", seed=9)
    collect("2022-10", REPORTED)
    report("2022-10", REPORTED)
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.version, record.decided_by) == ("awaiting", 1, None)


def test_approved_by_mail_it_goes_out_with_the_collection_and_bears_the_name(waiting: Workspace) -> None:
    """A reply is entered while mail is collected; the same run publishes what it approved."""
    approval.approve(waiting, OCTOBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, waiting.zone))
    collect("2022-10", REPORTED)
    assert mails(waiting, "report") == ["report~2022-10~v1.eml"]
    folder = waiting.report_folder(OCTOBER, 1)
    line = "Báo cáo đã được Nguyễn Văn Mẫu duyệt lúc 08 giờ 00 ngày 24/10/2022."
    assert line in (folder / "thu.html").read_text(encoding="utf-8")
    assert line in " ".join(one.text for one in Document(str(folder / "bao-cao.docx")).paragraphs)
    with pdfplumber.open(folder / "bao-cao.pdf") as pdf:
        assert "Nguyễn Văn Mẫu duyệt" in " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)
    assert line in str(load_workbook(folder / "so-lieu.xlsx")["Đọc thế nào"]["A2"].value)
    message = message_from_bytes((waiting.outbox_folder / "report~2022-10~v1.eml").read_bytes(), policy=policy.default)
    assert line in str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "is_taken"),
    [
        ({"decision": "Duyệt", "name": "Trần Thị Mẫu"}, True),
        ({"decision": "Không duyệt", "name": "Trần Thị Mẫu", "reason": "B4 cần xem lại"}, True),
        ({"decision": "Không duyệt", "name": "Trần Thị Mẫu", "reason": "  "}, False),
        ({"decision": "Không duyệt", "name": "Trần Thị Mẫu"}, False),
        ({"decision": "Duyệt", "name": "  "}, False),
    ],
)
def test_prefects_page_takes_no_refusal_without_a_reason_and_nobody_without_a_name(
    answer: dict[str, str], is_taken: bool
) -> None:
    """By the schema that the suspended run leaves with the server, as the server judges what comes back."""
    schema = create_v2_schema(ApprovalInput.__name__, model_base=ApprovalInput)
    assert is_valid(answer, schema) is is_taken
    fields = schema["properties"].values()
    assert all(one["title"] and one["description"] for one in fields)
    assert [one["title"] for one in fields] == ["Quyết định", "Họ tên người duyệt", "Lý do"]
