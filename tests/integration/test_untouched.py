"""Our own blank forms that come back: known, left out, said so; told as one cause where there is nothing else."""

from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from support.mail.mailboxes import NOW, SCT, House, letter, report_file
from support.workbooks.samples import cell_of, clean, plan

from baocao.domain.planned.period import Period
from baocao.intake.filing.untouched import is_untouched
from baocao.reminders.blank_forms import known_of
from baocao.store.engine.database import reading
from baocao.store.submissions import of_period
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Known
from baocao.workbook.filling import fill_form
from baocao.workbook.reading.reader import read_workbook

KNOWN = Known(
    previous_pct={"A1": 50.0}, assignments={"III.1.1": {"lead": "Phòng A", "product": "Kế hoạch"}}, token="ABCD-EFGH"
)


def blank(path: Path, period: str, known: Known = KNOWN) -> bytes:
    of = Period.parse(period)
    write_blank(plan(), plan().form_of(of), plan().unit_by_code["SCT"], of, known, path)
    return path.read_bytes()


def edited(data: bytes, sheet: str, code: str, header: str, value: object) -> bytes:
    book: Workbook = load_workbook(BytesIO(data))
    cell_of(book, sheet, code, header).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("period", ["2022-08", "2022-10", "2023-03"])
def test_a_blank_form_is_known_and_a_filled_one_is_none(tmp_path: Path, period: str) -> None:
    of = Period.parse(period)
    known = Known() if period == "2022-08" else KNOWN
    data = blank(tmp_path / "a.xlsx", period, known)
    assert is_untouched(plan(), read_workbook(data, plan()))
    form = plan().form_of(of)
    fill_form(tmp_path / "a.xlsx", tmp_path / "b.xlsx", form, clean(plan(), form, "SCT", of))
    assert not is_untouched(plan(), read_workbook(tmp_path / "b.xlsx", plan()))


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value"),
    [
        ("Chỉ tiêu", "A1", "Tử số", 0),
        ("Chỉ tiêu", "A1", "Tử số", "chưa rõ"),
        ("Chỉ tiêu", "B2", "Ghi chú", "đang làm"),
        ("Nhiệm vụ", "III.1.1", "Trạng thái", "Hoàn thành"),
        ("Thông tin", "", "Người lập biểu", "Nguyễn Văn A"),
        ("Khó khăn, kiến nghị", "1", "Khó khăn, vướng mắc", "thiếu người"),
    ],
)
def test_one_thing_typed_is_a_beginning(tmp_path: Path, sheet: str, code: str, header: str, value: object) -> None:
    data = edited(blank(tmp_path / "a.xlsx", "2022-10"), sheet, code, header, value)
    assert not is_untouched(plan(), read_workbook(data, plan()))


@pytest.mark.slow
def test_a_forwarded_blank_form_is_left_out_and_told_alone_where_it_is_alone(mail: House, tmp_path: Path) -> None:
    form = blank(tmp_path / "f.xlsx", "2022-10", known_of(mail.workspace, "SCT", Period(2022, 10)))
    filled = report_file(mail.workspace, tmp_path)
    mail.mailbox.put(letter([("bieu-mau.xlsx", form)]).as_bytes(), NOW)
    mail.collect()
    both = letter([("bieu-mau.xlsx", form), ("báo cáo.xlsx", filled)], number=2)
    mail.mailbox.put(both.as_bytes(), NOW)
    mail.collect()

    with reading(mail.workspace.engine) as connection:
        assert [(one.unit, one.version, one.verdict.value) for one in of_period(connection, Period(2022, 10))] == [
            ("SCT", 1, "accepted")
        ]
    assert mail.receipts() == [("SCT", "blank"), ("SCT", "blank"), ("SCT", "checked")]
    alone, beside = (
        message_from_bytes(one.content, policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for one in mail.out.received
        if SCT in one.recipients
    )
    assert "biểu mẫu còn trống, chưa điền gì" in " ".join(alone.split())
    assert "lỗi" not in alone
    assert "Không tính (biểu mẫu còn trống): bieu-mau.xlsx" in beside
