"""A report that goes out signed: verified against an authority of the tests' own, numbered, mailed; refused by name."""

import json
import random
import subprocess
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from support.reports.authority import Authority, Person, with_page
from support.stores.facts import submit
from support.stores.houses import clock_at, house, lived_in, signing_house
from support.workbooks.content import clean_content

from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.numbering import Numbered
from baocao.mail.sending.delivery import deliver_all
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.reporting.prepared import Prepared
from baocao.reporting.report_mail import PDF_FILE
from baocao.reporting.sealing import seal_pdf
from baocao.reporting.signed.release import RELEASE, register, release
from baocao.reporting.signed.requests import await_signature
from baocao.signatures.verifying import read_trust, signers_of
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.store.reports import ReportState, latest
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace
from deployments.commands.reports.release import register as register_command

OCTOBER = Period(2022, 10)
SIGNED_ON = datetime(2022, 10, 25, 2, tzinfo=UTC)
NUMBER = Numbered("123/BC-STTTT", date(2022, 10, 25))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Tổ chức chứng thực mẫu")


@pytest.fixture(scope="module")
def leader(authority: Authority) -> Person:
    return authority.person("Nguyễn Văn Mẫu")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Workspace:
    made = signing_house(tmp_path_factory.mktemp("ky-so"), authority.pem())
    submit(made.engine)
    return made


@pytest.fixture(scope="module")
def waiting(home: Workspace) -> Prepared:
    """October's report, rendered, waiting for its signature."""
    clock = clock_at(home, "2022-10-24T08:00")
    prepared = prepare_report(home, OCTOBER, clock, is_draft=False)
    render_report(home, prepared)
    assert await_signature(home, prepared, clock)
    assert not await_signature(home, prepared, clock)
    return prepared


@pytest.fixture(scope="module")
def ours(waiting: Prepared) -> bytes:
    return (waiting.folder / PDF_FILE).read_bytes()


def metadata(path: Path) -> str:
    return subprocess.run(["pdfinfo", "-meta", path], check=True, capture_output=True, text=True).stdout


def refusal(signed: bytes, ours: bytes, trusted: Path) -> str:
    with pytest.raises(UsageError) as caught:
        signers_of(signed, ours, read_trust(trusted), SIGNED_ON)
    return str(caught.value)


@pytest.mark.slow
def test_what_is_wrong_with_a_signed_file_is_named(
    home: Workspace, ours: bytes, authority: Authority, leader: Person, tmp_path: Path
) -> None:
    trusted = home.settings.signers
    assert trusted
    good = leader.sign(ours)
    (signer,) = signers_of(good, ours, read_trust(trusted), SIGNED_ON)
    assert signer.name == "Nguyễn Văn Mẫu"
    assert signer.at is not None
    second = authority.person("Trần Thị Mẫu").sign(good, "Ky2")
    assert [one.name for one in signers_of(second, ours, read_trust(trusted), SIGNED_ON)] == [
        "Nguyễn Văn Mẫu",
        "Trần Thị Mẫu",
    ]

    assert "chưa có chữ ký số" in refusal(ours, ours, trusted)
    assert "không phải bản ký" in refusal(bytes([good[0] ^ 1]) + good[1:], ours, trusted)
    other = with_page(ours)
    assert "không phải bản ký" in refusal(leader.sign(other), other + b"\n", trusted)
    place = good.index(b"/Contents <", len(ours)) + 2000
    assert "chữ ký" in refusal(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :], ours, trusted)
    chance = random.Random(20)  # noqa: S311 - a fixed choice
    for _ in range(12):
        place = chance.randrange(len(ours), good.index(b"/Contents <", len(ours)))
        spoilt = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        assert refusal(spoilt, ours, trusted).endswith(".")
    place = good.index(b"xmptk", len(ours))
    assert "không đúng với nội dung tệp" in refusal(good[:place] + b"XMPTK" + good[place + 5 :], ours, trusted)
    assert "bị thêm hoặc sửa sau khi ký" in refusal(with_page(good), ours, trusted)
    assert "bị sửa trước khi ký" in refusal(leader.sign(with_page(ours)), ours, trusted)
    stranger = Authority("Tổ chức khác").person("Người Lạ")
    assert "không do tổ chức trong BAOCAO_SIGNERS cấp" in refusal(stranger.sign(ours), ours, trusted)
    old = authority.person("Hết Hạn", datetime(2022, 1, 2, tzinfo=UTC), datetime(2022, 9, 1, tzinfo=UTC))
    assert "đã hết hạn" in refusal(old.sign(ours), ours, trusted)
    revoking = tmp_path / "thu-hoi.pem"
    revoking.write_bytes(authority.pem(leader))
    assert "đã bị thu hồi" in refusal(good, ours, revoking)
    with pytest.raises(UsageError, match="BAOCAO_SIGNERS"):
        read_trust(None)


@pytest.mark.slow
def test_the_signed_report_goes_out_with_its_number(
    home: Workspace, waiting: Prepared, ours: bytes, leader: Person, monkeypatch: Any, capsys: Any, tmp_path: Path
) -> None:
    clock = clock_at(home, "2022-10-25T09:00")
    signed = sign("Văn thư mẫu", "", clock, demand=RELEASE)
    with reading(home.engine) as connection:
        record = latest(connection, OCTOBER)
        letters = {one.kind for one in list_messages(connection)}
    assert record is not None
    assert (record.state, letters) == (ReportState.SIGNING, {"sign"})
    render_report(home, prepare_report(home, OCTOBER, clock, is_draft=False))
    assert (waiting.folder / PDF_FILE).read_bytes() == ours

    file = tmp_path / "da-ky.pdf"
    file.write_bytes(leader.sign(ours))
    with pytest.raises(UsageError, match="Số văn bản"):
        release(home, OCTOBER, file, Numbered(" ", NUMBER.dated), signed, clock)
    with pytest.raises(UsageError, match="release"):
        release(home, OCTOBER, None, NUMBER, signed, clock)
    one = release(home, OCTOBER, file, NUMBER, signed, clock)
    assert (one.number, [name for name, _ in one.signers]) == (NUMBER.number, [leader.name])
    deliver_all(home, clock)
    (mail,) = [path for path in home.outbox_folder.glob("*.eml") if path.name.startswith("report~2022-10")]
    message = message_from_bytes(mail.read_bytes())
    (sent,) = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    assert sent.get_payload(decode=True) == file.read_bytes()
    assert "123/BC-STTTT" in mail.read_bytes().decode("utf-8", "replace") or message["Subject"]
    assert register(home) == [one]
    with pytest.raises(NotDueError, match="đã phát hành"):
        release(home, OCTOBER, file, NUMBER, signed, clock)
    with lived_in(home.settings, monkeypatch):
        register_command(as_json=True)
        (row,) = json.loads(capsys.readouterr().out)
    assert (row["number"], row["date"], row["signers"][0]["name"]) == ("123/BC-STTTT", "2022-10-25", leader.name)
    assert row["subject"].startswith("Báo cáo kết quả")


def test_figures_that_changed_meanwhile_make_the_signature_void(
    tmp_path: Path, authority: Authority, leader: Person
) -> None:
    made = signing_house(tmp_path, authority.pem())
    submit(made.engine)
    clock = clock_at(made, "2022-10-24T08:00")
    prepared = prepare_report(made, OCTOBER, clock, is_draft=False)
    prepared.folder.mkdir(parents=True)
    (prepared.folder / PDF_FILE).write_bytes(b"%PDF-1.7")
    assert await_signature(made, prepared, clock)
    submit(made.engine, clean_content(unit="SNV"))
    file = tmp_path / "da-ky.pdf"
    file.write_bytes(b"%PDF-1.7 ky")
    with pytest.raises(NotDueError, match="đã đổi sau khi trình ký"):
        release(made, OCTOBER, file, NUMBER, sign("Văn thư mẫu", "", clock, demand=RELEASE), clock)


@pytest.mark.slow
def test_the_office_s_seal_is_put_on_at_publication_and_leaves_the_archive_format_as_it_is(
    ours: bytes, authority: Authority, leader: Person, tmp_path: Path
) -> None:
    office = authority.person("Sở Thông tin và Truyền thông (mẫu)")
    p12, password, trusted = tmp_path / "dau.p12", tmp_path / "mat-khau", tmp_path / "tin-cay.pem"
    p12.write_bytes(office.p12(b"mau"))
    password.write_text("mau\n")
    password.chmod(0o644)
    trusted.write_bytes(authority.pem())
    with pytest.raises(UsageError, match="chmod 600"):
        seal_pdf(ours, p12, password)
    password.chmod(0o600)
    made = house(
        tmp_path / "home", f"sqlite:///{tmp_path / 'b.db'}", seal_p12=p12, seal_password_file=password, signers=trusted
    )
    submit(made.engine)
    clock = clock_at(made, "2022-10-24T08:00")
    prepared = prepare_report(made, OCTOBER, clock, is_draft=False)
    prepared.folder.mkdir(parents=True)
    path = prepared.folder / PDF_FILE
    path.write_bytes(ours)
    refused = house(tmp_path / "home", made.settings.database_url, approval="required", seal_p12=p12)
    assert not publish_report(refused, prepared, clock)
    refused.engine.dispose()
    assert path.read_bytes() == ours
    assert publish_report(made, prepared, clock)
    made.engine.dispose()

    sealed = path.read_bytes()
    assert seal_pdf(sealed, p12, password) == sealed
    assert [one.name for one in signers_of(sealed, ours, read_trust(trusted), SIGNED_ON)] == [office.name]
    assert b"/ETSI.CAdES.detached" in sealed[len(ours) :]
    assert "<pdfaid:part>2</pdfaid:part>" in metadata(path)
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata(path)
    path.write_bytes(leader.sign(sealed))
    assert [one.name for one in signers_of(path.read_bytes(), sealed, read_trust(trusted), SIGNED_ON)] == [leader.name]
    assert {'pdfaid:part="2"', 'pdfaid:conformance="B"'} <= set(metadata(path).replace(">", " ").split())
    password.write_text("sai")
    with pytest.raises(UsageError, match="BAOCAO_SEAL_P12"):
        seal_pdf(ours, p12, password)
