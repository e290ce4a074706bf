"""Reminders carry the form and what is missing; a unit that is missing at the close is told; letters say when."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from support.stores.facts import submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.domain.planned.period import Period
from baocao.mail.letters.promise import next_time, promise
from baocao.reminders.reminders import escalate, remind, send_forms
from baocao.workspace.workspace import Workspace

OCTOBER = Period(2022, 10)


def letter(workspace: Workspace, name: str) -> tuple[EmailMessage, str]:
    message = message_from_bytes((workspace.outbox_folder / f"{name}.eml").read_bytes(), policy=policy.default)
    return message, str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_forms_letter_promises_what_the_form_holds_and_names_the_next_date(tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    submit(workspace.engine, clean_content(unit="SNV", period=OCTOBER))
    november = OCTOBER.shift(1)
    send_forms(workspace, november, clock_at(workspace, "2022-11-01T08:00"))
    of_snv, of_sct = (" ".join(letter(workspace, f"form~2022-11~{unit}")[1].split()) for unit in ("SNV", "SCT"))
    for said in ("số đã báo cáo kỳ trước để đối chiếu", "trạng thái, tiến độ nhiệm vụ chép từ kỳ trước"):
        assert (said in of_snv, said in of_sct) == (True, False)
    assert "đã điền sẵn thông tin chung." in of_sct
    assert "Kỳ sau (12/2022): biểu mẫu gửi ngày 01/12/2022, nộp trước ngày 20/12/2022." in of_sct
    assert "Hệ thống trả lời trong vài phút" in of_sct


def test_answers_within_minutes_are_promised_only_where_arrivals_are_watched(tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    schedule, now = workspace.schedule(OCTOBER), clock_at(workspace, "2022-10-18T08:00").now
    assert "vài phút" in promise(schedule, now, is_watched=True)
    unwatched = promise(schedule, now, is_watched=False)
    assert ("vài phút" in unwatched, "09 giờ 00 ngày 18/10/2022" in unwatched) == (False, True)
    assert (workspace.settings.is_watched, next_time(None)) == (True, "")
