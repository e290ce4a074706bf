"""The mail that carries a report: with all its files, or with the PDF alone where they are larger than servers take."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.reports.monthly import sample_report
from support.stores.houses import house

from baocao.domain.received.replied import read_said
from baocao.render.files import render_all
from baocao.render.papers import paper_of
from baocao.reporting import report_mail
from baocao.reporting.report_mail import MOST_BYTES, report_message

REPORT = sample_report()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bao-cao")
    render_all(paper_of(REPORT), made)
    return made


def attached(message: report_mail.Outgoing) -> list[str]:
    return [name for name, _, _ in message.attachments]


def test_a_report_goes_with_all_its_files_and_a_lighter_one_stands_by(tmp_path: Path, folder: Path) -> None:
    message = report_message(house(tmp_path, ""), paper_of(REPORT), folder)
    period = REPORT.period
    assert attached(message) == [f"bao-cao-{period}.docx", f"bao-cao-{period}.pdf", f"so-lieu-{period}.xlsx"]
    assert message.fallback is not None
    assert attached(message.fallback) == [f"bao-cao-{period}.pdf"]


def test_files_larger_than_any_server_takes_stay_at_home_at_once(tmp_path: Path, folder: Path) -> None:
    """A workbook of 12,000 units has 32 MB."""
    with (folder / "so-lieu.xlsx").open("ab") as workbook:
        workbook.truncate(MOST_BYTES)
    message = report_message(house(tmp_path, ""), paper_of(REPORT), folder)
    assert message.key == f"report/{REPORT.period}/v1"
    assert attached(message) == [f"bao-cao-{REPORT.period}.pdf"]
    assert f"so-lieu-{REPORT.period}.xlsx" in message.text
    assert message.fallback is None


def test_the_mail_says_how_a_proposal_is_answered_where_a_reply_would_be_heard(tmp_path: Path, folder: Path) -> None:
    """The sentence is one that a reply is read by; where nothing reads the mailbox it is not there."""
    numbered = tuple(one.model_copy(update={"number": "4"}) for one in REPORT.difficulties)
    report = REPORT.model_copy(update={"difficulties": numbered})
    here = house(tmp_path, "")
    deaf = report_message(here, paper_of(report), folder)
    assert "Kiến nghị số 4" not in deaf.text + deaf.html
    hearing = here.settings.model_copy(update={"intake": ("mailbox",), "trusted_authserv": "mx.vi-du.vn"})
    message = report_message(replace(here, settings=hearing), paper_of(report), folder)
    assert "“Kiến nghị số 4: đồng ý; thực hiện: tên đơn vị; hạn: ngày/tháng/năm”" in message.html
    (line,) = (line for line in message.text.splitlines() if line.startswith("Trả lời ngay thư này"))
    (said,) = read_said([line.partition("“")[2].partition("”")[0]])
    assert (said.number, said.is_done, said.owner) == (4, False, "tên đơn vị")
    assert message.html.index("Kiến nghị số 4") < message.html.index("Việc đến hạn")
