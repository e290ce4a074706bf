"""A batch with rejected workbooks: each goes back marked, by mail and into its folder, and comes in again mended."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from support import ROOT
from support.stores.houses import lived_in
from support.workbooks.faulty import FIGURES, RED, YELLOW, filled, mend, opened, places, plant
from support.workbooks.samples import cell_of, filled_workbook

from baocao.decisions.overrides import Signature
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked
from baocao.intake.filing.returned import marked_name
from baocao.oversight.status import period_status
from baocao.reminders.blank_forms import known_of
from baocao.reminders.code_renewal import renew_code
from baocao.store import audit
from baocao.store.engine.database import reading
from baocao.system.clock import read_clock
from baocao.system.errors import OutsideServiceError
from baocao.system.files import write_atomically
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from tasks import check, read, take_in

OCTOBER = Period(2022, 10)
NOW = datetime(2022, 10, 18, 9)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty home, known to the tasks."""
    plan = ROOT / "plans" / "ninh-binh-2022"
    settings = Settings(_env_file=None, home=tmp_path / "home", plan=plan, database_url="", inbox=None, intake="folder")
    with lived_in(settings, monkeypatch) as opened:
        yield opened


def collect(workspace: Workspace) -> int:
    """The tasks of a collection, one after another, without Prefect's engine."""
    clock = read_clock(NOW, workspace.zone)
    take_in.take_in.fn(OCTOBER, clock)
    reads = [read.read_files.fn(ids) for chunks in read.waiting_batches.fn() for ids in chunks]
    return check.check_and_file.fn(reads, [OCTOBER], clock)


def lay(workspace: Workspace, unit: str, name: str, data: bytes) -> None:
    write_atomically(workspace.settings.inbox_folder / unit / name, data)


def mail(workspace: Workspace, key: str) -> EmailMessage:
    path = workspace.outbox_folder / f"{key.replace('/', '~')}.eml"
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def attachments(message: EmailMessage) -> list[tuple[str | None, bytes]]:
    return [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]


def without_evidence(book: Workbook) -> None:
    for header, value in (("Tử số", 100), ("Mẫu số", 100), ("Tỷ lệ (%)", None), ("Minh chứng", None)):
        cell_of(book, FIGURES, "B1", header).value = value


@pytest.mark.slow
def test_rejected_workbooks_go_back_marked_and_come_in_mended(workspace: Workspace, tmp_path: Path) -> None:
    faulty = filled_workbook(tmp_path / "sct", "SCT", edit=plant)
    warned = filled_workbook(tmp_path / "snv", "SNV", edit=without_evidence)
    lay(workspace, "SCT", "Báo cáo tháng 10.xlsx", faulty.read_bytes())
    lay(workspace, "SNV", "snv.xlsx", warned.read_bytes())
    lay(workspace, "STTTT", "ảnh.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert collect(workspace) == 3

    returned = {path for path in (workspace.home / "returned").rglob("*") if path.is_file()}
    assert returned == {workspace.returned_path(OCTOBER, unit, 1) for unit in ("SCT", "SNV")}
    data = workspace.returned_path(OCTOBER, "SCT", 1).read_bytes()
    content = read_workbook(data, workspace.plan)
    assert filled(opened(data), RED) >= places(Checked(content, content.findings), Severity.CRITICAL)

    answer = mail(workspace, "answer/2022-10/SCT/v1")
    assert attachments(answer) == [("Báo cáo tháng 10 - đã đánh dấu.xlsx", data)]
    assert "mở tệp đính kèm thư này" in answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    accepted, unreadable = (mail(workspace, f"answer/2022-10/{unit}/v1") for unit in ("SNV", "STTTT"))
    assert "cảnh báo" in accepted.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [name for name, _ in attachments(unreadable)] == ["BC-THANG-STTTT-2022-10.xlsx"]  # the form, to be filled
    ((name, marked),) = attachments(accepted)
    assert name == "snv - đã đánh dấu.xlsx"
    assert filled(opened(marked), YELLOW)
    assert not filled(opened(marked), RED)
    assert "ô cảnh báo tô vàng" in accepted.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "ghi lý do vào cột Giải trình của tệp đính kèm" in accepted.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    book = opened(data)
    mend(book)
    mended = tmp_path / "sửa.xlsx"
    book.save(mended)
    lay(workspace, "SCT", "Báo cáo tháng 10 - đã đánh dấu.xlsx", mended.read_bytes())
    assert collect(workspace) == 1
    row = period_status(workspace, OCTOBER, read_clock(NOW, workspace.zone)).as_row()
    (sct,) = (unit for unit in row["units"] if unit["unit"] == "SCT")
    assert (sct["state"], sct["version"]) == ("accepted", 2)
    assert (sct["warnings"] > 0) == workspace.returned_path(OCTOBER, "SCT", 2).exists()


@pytest.mark.slow
def test_what_is_shared_holds_no_code_and_what_is_mailed_does(workspace: Workspace, tmp_path: Path) -> None:
    code = known_of(workspace, "SCT", OCTOBER).token

    def leaky(book: Workbook) -> None:
        plant(book)
        sheet = cell_of(book, FIGURES, "B1", "Tử số").parent
        sheet["A40"] = f"Mã của chúng tôi là {code}"
        cell_of(book, "Thông tin", "", "Mã nộp").value = code.lower()

    faulty = filled_workbook(tmp_path / "sct", "SCT", edit=leaky)
    lay(workspace, "SCT", "a.xlsx", faulty.read_bytes())
    assert collect(workspace) == 1
    shared = workspace.returned_path(OCTOBER, "SCT", 1).read_bytes()
    ((_, mailed),) = attachments(mail(workspace, "answer/2022-10/SCT/v1"))
    assert code.lower() in text_of(mailed).lower()
    assert code.lower() not in text_of(shared).lower()
    assert "Mã của chúng tôi là (đã lược)" in text_of(shared)
    assert read_workbook(shared, workspace.plan).tables == read_workbook(mailed, workspace.plan).tables
    everything = [path for path in (workspace.home / "returned").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in everything] == [shared]


def text_of(workbook: bytes) -> str:
    with ZipFile(BytesIO(workbook)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.mark.slow
def test_a_run_that_fails_after_laying_copies_is_made_good_by_the_next(workspace: Workspace, tmp_path: Path) -> None:
    faulty = filled_workbook(tmp_path / "sct", "SCT", edit=plant)
    lay(workspace, "SCT", "a.xlsx", faulty.read_bytes())
    clock = read_clock(NOW, workspace.zone)
    take_in.take_in.fn(OCTOBER, clock)
    reads = [read.read_files.fn(ids) for chunks in read.waiting_batches.fn() for ids in chunks]

    workspace.outbox_folder.write_text("một tệp nằm đúng chỗ của thư mục")
    with pytest.raises(OutsideServiceError):
        check.check_and_file.fn(reads, [OCTOBER], clock)
    workspace.outbox_folder.unlink()
    path = workspace.returned_path(OCTOBER, "SCT", 1)
    assert path.is_file()
    path.write_bytes(b"half")
    assert check.check_and_file.fn(reads, [OCTOBER], clock) == 1
    assert opened(path).sheetnames[0] == "Kết quả kiểm tra"
    assert check.check_and_file.fn(reads, [OCTOBER], clock) == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["v1.xlsx"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Báo cáo.xls", "Báo cáo - đã đánh dấu.xlsx"),
        ("Báo cáo - đã đánh dấu.xlsx", "Báo cáo - đã đánh dấu.xlsx"),
        ("b.o cáo.ODS", "b.o cáo - đã đánh dấu.xlsx"),
        ("", "tep-khong-ten - đã đánh dấu.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 80 + " - đã đánh dấu.xlsx"),
    ],
)
def test_a_copy_is_named_after_the_file(name: str, expected: str) -> None:
    assert marked_name(name) == expected


def test_a_code_is_renewed_whole_or_not_at_all(workspace: Workspace) -> None:
    """The disk refuses the mail after the code was made void: the old one still holds; typed again, it is done once."""
    signed = Signature("Trần Thị Mẫu", "mã bị lộ", NOW.replace(tzinfo=UTC))
    old = known_of(workspace, "SCT", OCTOBER).token
    workspace.outbox_folder.parent.mkdir(parents=True, exist_ok=True)
    workspace.outbox_folder.write_bytes(b"")
    with pytest.raises(OutsideServiceError):
        renew_code(workspace, "SCT", OCTOBER, signed)
    with reading(workspace.engine) as connection:
        assert audit.entries(connection) == []
    assert known_of(workspace, "SCT", OCTOBER).token == old
    workspace.outbox_folder.unlink()
    assert renew_code(workspace, "SCT", OCTOBER, signed) == 1
    ((_, form),) = attachments(mail(workspace, "form/2022-10/SCT/ma-1"))
    (laid,) = (workspace.settings.inbox_folder / "SCT").rglob("*.xlsx")
    new = known_of(workspace, "SCT", OCTOBER).token
    assert form == laid.read_bytes()
    assert cell_of(load_workbook(BytesIO(form)), "Thông tin", "", "Mã nộp").value == new != old
