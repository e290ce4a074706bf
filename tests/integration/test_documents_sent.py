"""A Word or PDF document in place of the form: told kindly, and the form goes with the answer."""

from email import message_from_bytes, policy
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from support.mail.mailboxes import NOW, SCT, House, letter


@pytest.mark.slow
def test_a_document_is_answered_with_the_form(mail: House) -> None:
    out = BytesIO()
    document = Document()
    document.add_paragraph("Báo cáo tháng 10 (số liệu mô phỏng)")
    document.save(out)
    mail.mailbox.put(letter([("báo cáo.docx", out.getvalue())], number=1).as_bytes(), NOW)
    mail.mailbox.put(letter([("báo cáo.xlsx", b"%PDF-1.7 mo phong")], number=2).as_bytes(), NOW)
    mail.collect()
    received = [
        message_from_bytes(one.content, policy=policy.default) for one in mail.out.received if SCT in one.recipients
    ]
    assert len(received) == 2
    for one in received:
        assert "biểu mẫu hệ thống gửi kèm" in " ".join(one.get_body(("plain",)).get_content().split())
        (form,) = one.iter_attachments()
        assert form.get_filename() == "BC-THANG-SCT-2022-10.xlsx"
        assert "Chỉ tiêu" in load_workbook(BytesIO(form.get_payload(decode=True))).sheetnames
