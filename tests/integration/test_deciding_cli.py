"""The commands by which people decide, word for word: what they print, how they end, what the book says."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from support.mail.letters import UBND, outgoing
from support.stores.commands import baocao as typed
from support.stores.commands import baocao_here as baocao
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content, edited

from baocao.domain.received.finding import Finding, Severity
from baocao.mail.outbox import enqueue
from baocao.reporting.preparation import prepare_report
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.workspace.workspace import Workspace

WRONG = Finding("ratio_mismatch", Severity.CRITICAL, "Tỷ lệ không khớp (số liệu mô phỏng).", "Chỉ tiêu", "D7", "A1")
SCT = ("SCT", "--period", "2022-10")
CHOICE = ("--version", "1", "--verdict", "accepted")
NAMED = ("--name", "Trần Thị Mẫu", "--reason", "đã đối chiếu")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = house(tmp_path / "home", "")
    submit(made.engine, findings=[WRONG])
    return made


def answer(workspace: Workspace, *arguments: str) -> object:
    code, printed, _ = baocao(workspace, *arguments, "--json")
    assert code == 0
    return json.loads(printed)


@pytest.mark.slow
def test_a_return_is_accepted_shown_and_booked(workspace: Workspace) -> None:
    choice = ("--version", "1", "--verdict", "accepted", *NAMED, "--as-of", "2022-10-21T09:00")
    code, printed, _ = baocao(workspace, "submission", "override", *SCT, *choice)
    assert (code, "Trả lại → Chấp nhận" in printed, "lần 1, đúng hạn" in printed) == (0, True, True)
    assert "21/10/2022" in (workspace.home / "site" / "don-vi" / "SCT.html").read_text()  # the site tells it at once
    code, _, complaint = baocao(workspace, "submission", "override", *SCT, *choice)
    assert (code, "theo quyết định của Trần Thị Mẫu" in complaint) == (2, True)

    (listed,) = answer(workspace, "submission", "list", "--period", "2022-10")  # type: ignore[misc]
    assert (listed["verdict"], listed["decided_by"], listed["is_effective"]) == ("accepted", "Trần Thị Mẫu", True)
    shown = answer(workspace, "submission", "show", *SCT)
    assert isinstance(shown, dict)
    assert shown["findings"][0]["cell"] == "D7"
    code, printed, _ = baocao(workspace, "submission", "show", *SCT)
    assert (code, "Chỉ tiêu!D7" in printed, "đã đối chiếu" in printed) == (0, True, True)
    (entry,) = answer(workspace, "audit", "--period", "2022-10")  # type: ignore[misc]
    assert (entry["action"], entry["at"]) == ("override", "2022-10-21T02:00:00+00:00")
    assert answer(workspace, "audit", "--period", "2022-09") == []
    code, printed, _ = baocao(workspace, "audit")
    assert (code, "Đổi kết quả" in printed, "SCT/2022-10/v1" in printed) == (0, True, True)
    status = answer(workspace, "status", "--period", "2022-10")
    assert isinstance(status, dict)
    assert [unit["state"] for unit in status["units"] if unit["unit"] == "SCT"] == ["accepted"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("override", *SCT, "--version", "1", "--verdict", "ok", *NAMED), 2, "accepted, rejected"),
        (("override", *SCT, "--version", "9", "--verdict", "rejected", *NAMED), 2, "lần nộp 9"),
        (("override", *SCT, "--version", "1", "--verdict", "accepted"), 2, "--name"),
        (("override", "SCT", "--period", "2031-10", *CHOICE, *NAMED), 2, "không có kỳ"),
        (("extend", *SCT, "--until", "2022-10-19T17:00", *NAMED), 2, "gia hạn"),
        (("extend", *SCT, "--until", "mai", *NAMED), 2, "ngày giờ"),
        (("show", "SNV", "--period", "2022-10"), 2, "chưa nộp lần nào"),
        (("diff", *SCT), 3, "mới nộp một lần"),
    ],
)  # fmt: skip
def test_wrong_wishes_end_with_a_sentence(
    workspace: Workspace, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    ended, printed, said = baocao(workspace, "submission", *arguments)
    assert (ended, printed, said.count("\n")) == (code, "", 1)
    assert complaint in said


@pytest.mark.slow
def test_more_time_and_a_difference_are_told(workspace: Workspace) -> None:
    code, printed, _ = baocao(workspace, "submission", "extend", *SCT, "--until", "2022-10-21T17:00", *NAMED)
    assert (code, "trước 17:00 ngày 21/10/2022" in printed) == (0, True)
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    code, printed, _ = baocao(workspace, "submission", "diff", *SCT)
    assert (code, "Tử số" in printed, "90" in printed) == (0, True, True)


@pytest.mark.slow
def test_a_restatement_needs_a_report_and_a_change(workspace: Workspace) -> None:
    restate = ("report", "--period", "2022-10", "--restate", "--reason", "rà soát", "--as-of", "2022-10-27T08:00")
    code, _, complaint = typed(workspace, *restate)
    assert (code, "chưa có báo cáo nào phát hành" in complaint) == (3, True)
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False)
    assert prepared.record
    with writing(workspace.engine) as connection:
        reports.publish(connection, prepared.record, prepared.report.figures, datetime.now().astimezone())
    code, _, complaint = typed(workspace, *restate)
    assert (code, "không có gì đính chính" in complaint) == (3, True)


@pytest.mark.slow
def test_a_doubtful_mail_is_concluded_or_sent_again(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-24T08:00")
    with writing(workspace.engine) as connection:
        enqueue(connection, [outgoing()], workspace.outbox_folder, clock.now)
    mail = ("report/2022-10/v1", "--recipient", UBND[1])
    conclusion = ("--state", "sent", "--note", "văn thư gọi điện", "--name", "Lê Văn Mẫu")
    code, _, complaint = baocao(workspace, "outbox", "resolve", *mail, "--state", "lost", *conclusion[2:])
    assert (code, "sent, refused" in complaint) == (2, True)
    code, printed, _ = baocao(workspace, "outbox", "resolve", *mail, *conclusion)
    assert (code, "Đã gửi" in printed) == (0, True)
    code, _, complaint = baocao(workspace, "outbox", "retry", mail[0])
    assert (code, "không có nơi nhận nào cần gửi lại" in complaint) == (2, True)
    code, _, complaint = baocao(workspace, "outbox", "retry", "report/2031-10/v1")
    assert (code, "không có thư" in complaint) == (2, True)
    (entry,) = answer(workspace, "audit")  # type: ignore[misc]
    assert (entry["who"], entry["action"], entry["reason"]) == ("Lê Văn Mẫu", "resolve", "văn thư gọi điện")


@pytest.mark.slow
def test_backup_and_restore_by_hand(workspace: Workspace, tmp_path: Path) -> None:
    file, home = tmp_path / "sao-luu.tar.gz", tmp_path / "moi"
    code, printed, complaint = baocao(workspace, "backup", str(file))
    assert (code, "giữ kín" in printed) == (0, True)
    assert "không còn tệp archive/" in complaint  # the store's own tests keep no bytes
    assert baocao(workspace, "backup", str(file))[0] == 2
    code, printed, _ = baocao(workspace, "restore", str(file), "--home", str(home))
    assert (code, "“ninh-binh-2022”" in printed) == (0, True)
    assert baocao(workspace, "restore", str(file), "--home", str(home))[0] == 2
    assert answer(house(home, ""), "status", "--period", "2022-10") == answer(
        workspace, "status", "--period", "2022-10"
    )
    (entry,) = answer(house(home, ""), "audit")  # type: ignore[misc]
    assert entry["action"] == "restore"
