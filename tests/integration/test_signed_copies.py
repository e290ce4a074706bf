"""Signed PDFs that units send beside their workbooks: by mail and folder, verified, answered, told in the report."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.mail.mailboxes import NOW, OCTOBER, House, house, letter, report_file
from support.reports.authority import Authority, blank_pdf
from support.servers.imap import ImapServer
from support.servers.smtp import smtp_server

from baocao.consolidation.standings import period_standings
from baocao.domain.received.submission import UnitState
from baocao.narrative.monthly import reporting_clause
from baocao.reporting.preparation import prepare_report
from baocao.site.build import build_site
from baocao.store.engine.database import reading
from baocao.system.clock import Clock


@pytest.mark.slow
def test_a_signed_document_is_verified_kept_and_told(
    mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, stranger = Authority("Tổ chức chứng thực mẫu"), Authority("Tổ chức lạ")
    trusted = tmp_path / "tin-cay.pem"
    trusted.write_bytes(authority.pem())
    signed = authority.person("Nguyễn Văn Mẫu").sign(blank_pdf())
    mailbox.empty()
    with (
        smtp_server() as out,
        house(tmp_path / "home", mailbox, out, monkeypatch, signers=trusted, intake=("mailbox", "folder")) as mail,
    ):
        workbook = report_file(mail.workspace, tmp_path)
        mail.mailbox.put(letter([("báo cáo.xlsx", workbook), ("đã ký.pdf", signed)]).as_bytes(), NOW)
        mail.mailbox.put(letter([("giả.pdf", signed)], number=2, vouched=[]).as_bytes(), NOW)
        folder = mail.workspace.settings.inbox_folder / "SNV"
        folder.mkdir(parents=True)
        for name, data in {
            "a chưa ký": blank_pdf(),
            "b người lạ": stranger.person("Trần Thị Lạ").sign(blank_pdf()),
            "c sửa sau": signed + b"\n%",
            "d hỏng": b"%PDF-1.7\n" + b"\0\xff" * 50_000,
        }.items():
            (folder / f"{name}.pdf").write_bytes(data)
        mail.collect(is_simulated=True)
        told = texts(mail)
        (good,) = [text for subject, text in told if subject.startswith("Re:") and "đã ký.pdf" in text]
        assert "CHỮ KÝ SỐ HỢP LỆ của Nguyễn Văn Mẫu (ký lúc" in good
        refused = sorted((subject, text) for subject, text in told if "chưa hợp lệ" in subject)
        reasons = ("chưa có chữ ký số", "không do tổ chức", "sau khi ký", "Không đọc được chữ ký")
        assert [reason in text for reason, (_, text) in zip(reasons, refused, strict=True)] == [True] * 4, refused
        assert list(folder.iterdir()) == []
        assert not any("giả.pdf" in text and "HỢP LỆ" in text for _, text in told)

        with reading(mail.workspace.engine) as connection:
            rows = {one.unit: one for one in period_standings(connection, mail.workspace.plan, OCTOBER)}
        assert (rows["SCT"].state, rows["SCT"].signed_by) == (UnitState.ACCEPTED, ("Nguyễn Văn Mẫu",))
        assert (rows["SNV"].state, rows["SNV"].signed_by) == (UnitState.MISSING, ())
        clock = Clock(NOW, is_simulated=True)
        clause = "Sở Công Thương kèm văn bản ký số hợp lệ của Nguyễn Văn Mẫu"
        assert clause in reporting_clause(prepare_report(mail.workspace, OCTOBER, clock, is_draft=True).report)
        assert "ký số hợp lệ của Nguyễn Văn Mẫu" in build_site(mail.workspace, clock).read_text(encoding="utf-8")


def texts(mail: House) -> list[tuple[str, str]]:
    """Subject and text of each mail that left, spaces folded."""
    messages = [message_from_bytes(one.content, policy=policy.default) for one in mail.out.received]
    return [
        (str(one["Subject"]), " ".join(one.get_body(("plain",)).get_content().split()))  # type: ignore[union-attr]
        for one in messages
    ]
