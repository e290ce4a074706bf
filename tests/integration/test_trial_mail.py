"""A mail «kiểm tra thử» is answered with the findings and the marked copy; nothing of it is a submission."""

from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from openpyxl import load_workbook
from support.mail.mailboxes import NOW, OCTOBER, SCT, House, letter, report_file
from support.workbooks.samples import cell_of

from baocao.domain.received.trial import is_trial
from baocao.store.engine.database import reading
from baocao.store.submissions import of_period


@pytest.mark.parametrize(
    "subject",
    [
        "Kiểm tra thử",
        "KIỂM TRA THỬ báo cáo tháng 10",
        normalize("NFD", "kiểm tra thử: SCT"),
        "Re: Fwd: [Ngoài] kiểm  tra thử",
        "Trả lời: Kiểm tra thử",
        "«Kiểm tra thử»",
        "Kiem tra thu bao cao",
        "V/v kiểm tra thử báo cáo tháng 10",
        "Kiểm tra thử_SCT",
        "FW: kiem_tra_thu",
        "Kiểm-tra-thử",
    ],
)
def test_a_subject_that_begins_so_is_a_trial(subject: str) -> None:
    assert is_trial(subject)


@pytest.mark.parametrize(
    "subject", ["Kiểm tra thu ngân sách", "Báo cáo tháng 10 (kiểm tra thử)", "kiểm tra thửa đất", "", "Kiểm tra"]
)
def test_other_subjects_are_not(subject: str) -> None:
    assert not is_trial(subject)


@pytest.mark.slow
def test_a_trial_is_answered_and_not_filed_and_the_real_one_after_it_is(mail: House, tmp_path: Path) -> None:
    good = report_file(mail.workspace, tmp_path)
    strange = report_file(mail.workspace, tmp_path, seed=1, token_of="")
    mail.mailbox.put(letter([("thử.xlsx", broken(good))], subject="Re: Kiểm tra THỬ tháng 10").as_bytes(), NOW)
    mail.mailbox.put(letter([("giả.xlsx", strange)], subject="kiểm tra thử", number=2, vouched=[]).as_bytes(), NOW)
    mail.mailbox.put(letter([("tốt.xlsx", good)], subject="Kiểm tra thử", number=3).as_bytes(), NOW)
    mail.collect()
    with reading(mail.workspace.engine) as connection:
        assert of_period(connection, OCTOBER) == []
    assert [text[:200] for text, _ in answers(mail)][2:] == []
    faulty, fine = answers(mail)
    assert "CHƯA ĐƯỢC NỘP" in faulty[0]
    assert ("chưa rõ" in faulty[0], faulty[1]) == (True, ["thử - đã đánh dấu.xlsx"])
    assert ("không có lỗi" in fine[0], fine[1]) == (True, [])
    assert "lần thu theo lịch kế tiếp (" in fine[0]
    mail.mailbox.put(letter([("tốt.xlsx", good)], number=4).as_bytes(), NOW)
    mail.collect()
    with reading(mail.workspace.engine) as connection:
        assert [(one.unit, one.version, one.verdict) for one in of_period(connection, OCTOBER)] == [
            ("SCT", 1, "accepted")
        ]


def broken(data: bytes) -> bytes:
    """The workbook with a word where a count must stand."""
    book, out = load_workbook(BytesIO(data)), BytesIO()
    cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = "chưa rõ"
    book.save(out)
    return out.getvalue()


def answers(mail: House) -> list[tuple[str, list[str]]]:
    """The text and the names of the files of each answer to the unit."""
    received = [one.content for one in mail.out.received if SCT in one.recipients]
    messages = [message_from_bytes(one, policy=policy.default) for one in received]
    return [
        (
            str(one.get_body(("plain",)).get_content()),  # type: ignore[union-attr]
            [str(part.get_filename()) for part in one.iter_attachments()],
        )
        for one in messages
    ]
