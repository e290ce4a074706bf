"""A house whose reports come by mail, and the letters that its units write; «số liệu mô phỏng»."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from baocao.domain.planned.period import Period
from baocao.reminders.blank_forms import known_of
from baocao.store import receipts
from baocao.store.engine.database import reading
from baocao.store.schema.reporting import receipt
from baocao.system.clock import Clock
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from support.servers.imap import PASSWORD, USER, ImapServer
from support.servers.smtp import SmtpServer
from support.stores.houses import lived_in
from support.workbooks.samples import clean, plan, write_filled

OURS = "mx.ninhbinh.example"
OCTOBER = Period(2022, 10)
NOW = datetime(2022, 10, 18, 3, 0, tzinfo=UTC)
SCT, SNV = "vanphong.soct@ninhbinh.example", "vanphong.sonv@ninhbinh.example"
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
File = tuple[str, bytes]


def settings_of(server: ImapServer, home: Path, **changes: object) -> Settings:
    """Settings for a mailbox on this server, over TLS."""
    values: dict[str, object] = {
        "home": home,
        "plan": Path("plans/ninh-binh-2022"),
        "database_url": "",
        "inbox": None,
        "intake": "mailbox",
        "imap_host": server.host,
        "imap_port": server.tls,
        "imap_user": USER,
        "imap_password": SecretStr(PASSWORD),
        "imap_security": "tls",
        "smtp_from": "Tiếp nhận báo cáo <baocao@sotttt.example>",
        "smtp_security": "none",
        "trusted_authserv": OURS,
    }
    return Settings(_env_file=None, **{**values, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True)
class House:
    """A workspace, its mailbox and its way out, and the steps of a collection as the flow takes them."""

    workspace: Workspace
    mailbox: ImapServer
    out: SmtpServer

    def collect(self, now: datetime = NOW, period: Period = OCTOBER, *, is_simulated: bool = False) -> None:
        """Take in, read, check, file, answer: the very tasks of the flow, without a Prefect server."""
        from tasks.check import check_and_file
        from tasks.deliver import deliver
        from tasks.read import read_files, waiting_batches
        from tasks.take_in import take_in

        clock = Clock(now, is_simulated=is_simulated)
        take_in.fn(period, clock)
        for chunks in waiting_batches.fn():
            check_and_file.fn([read_files.fn(ids) for ids in chunks], [period], clock)
        deliver.fn(clock)

    def receipts(self) -> list[tuple[str | None, str]]:
        """Every file that came in, in order: whose it is and how it stands."""
        with reading(self.workspace.engine) as connection:
            return [(row.unit, row.state) for row in connection.execute(select(receipt).order_by(receipt.c.id))]

    def mails(self, to: str, word: str = "") -> list[EmailMessage]:
        """What was mailed to an address, where its plain text holds a word."""
        sent = [one.content for one in self.out.received if to in one.recipients]
        read = (message_from_bytes(each, policy=policy.default) for each in sent)
        return [one for one in read if word in plain_text(one)]

    def held(self) -> list[str]:
        """Why files are in quarantine."""
        with reading(self.workspace.engine) as connection:
            return [one.note for one in receipts.in_quarantine(connection)]


def plain_text(message: EmailMessage) -> str:
    """A mail's plain text on one line."""
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@contextmanager
def house(
    home: Path, mailbox: ImapServer, out: SmtpServer, patch: pytest.MonkeyPatch, **changes: object
) -> Iterator[House]:
    """A house whose mail comes from one server and leaves by another; the process's workspace for the block."""
    patch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
    settings = settings_of(mailbox, home, smtp_host=out.host, smtp_port=out.port, **changes)
    with lived_in(settings, patch) as workspace:
        yield House(workspace, mailbox, out)


def report_file(
    workspace: Workspace, folder: Path, unit: str = "SCT", *, seed: int = 0, token_of: str | None = None
) -> bytes:
    """A filled report of October without a fault, with its Mã nộp: the unit's own, or another's, or none («»)."""
    known = known_of(workspace, unit, OCTOBER)
    if token_of is not None:
        known = replace(known, token=known_of(workspace, token_of, OCTOBER).token if token_of else "")
    form = plan().form_of(OCTOBER)
    filled = clean(plan(), form, unit, OCTOBER, seed)
    path = write_filled(folder / f"{unit}-{seed}.xlsx", plan(), unit, OCTOBER, filled, known=known)
    return path.read_bytes()


def passed(address: str = SCT, authserv: str = OURS) -> str:
    """An Authentication-Results value that vouches for an address."""
    domain = address.rpartition("@")[2]
    return (
        f"{authserv}; spf=pass smtp.mailfrom={address};\r\n"
        f"\tdkim=pass (2048-bit key) header.d={domain} header.i=@{domain}; dmarc=pass header.from={domain}"
    )


def letter(
    files: Iterable[File] = (),
    *,
    sender: str = SCT,
    vouched: Iterable[str] | None = None,
    subject: str = "Báo cáo tháng 10 năm 2022",
    number: int = 1,
    text: str = "Kính gửi Sở Thông tin và Truyền thông.",
    **headers: str,
) -> EmailMessage:
    """A message of a unit with files. ``vouched`` are its Authentication-Results, topmost first."""
    message = EmailMessage()
    for value in (passed(sender),) if vouched is None else vouched:
        message["Authentication-Results"] = value.replace("\r\n", "")
    message["Received"] = "from mail.example by mx.ninhbinh.example; Tue, 18 Oct 2022 09:00:00 +0700"
    message["From"] = f"Văn phòng <{sender}>"
    message["To"] = "baocao@sotttt.example"
    message["Subject"] = subject
    message["Date"] = format_datetime(NOW)
    message["Message-ID"] = f"<thu.{number}@soct.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, *XLSX, filename=name)
    return message
