"""Reminders carry the form and what is missing; a unit that is missing at the close is told; letters say when."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from support.stores.facts import submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.domain.planned.period import Period
from baocao.reminders.reminders import escalate, remind
from baocao.workspace.workspace import Workspace

OCTOBER = Period(2022, 10)


def letter(workspace: Workspace, name: str) -> tuple[EmailMessage, str]:
    message = message_from_bytes((workspace.outbox_folder / f"{name}.eml").read_bytes(), policy=policy.default)
    return message, str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_who_is_missing_gets_the_form_and_word_at_the_close(tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    submit(workspace.engine, clean_content(unit="SNV", period=OCTOBER))
    remind(workspace, OCTOBER, clock_at(workspace, "2022-10-18T08:00"))
    message, text = letter(workspace, "remind~2022-10~2~SCT")
    assert [part.get_filename() for part in message.iter_attachments()] == ["BC-THANG-SCT-2022-10.xlsx"]
    assert all(f"“{sheet.name}”" in text for sheet in workspace.plan.form_of(OCTOBER).sheets)
    assert "09 giờ 00 ngày 18/10/2022" in text  # the next collection

    escalate(workspace, OCTOBER, clock_at(workspace, "2022-10-20T00:00"))
    escalate(workspace, OCTOBER, clock_at(workspace, "2022-10-20T07:30"))
    told = sorted(path.stem for path in workspace.outbox_folder.glob("missed~*.eml"))
    assert told == ["missed~2022-10~SCT", "missed~2022-10~STTTT"]
    _, text = letter(workspace, told[0])
    assert ("CHƯA CÓ BÁO CÁO" in text, "24/10/2022" in text) == (True, True)
    workspace.engine.dispose()
