"""Messages, a database and a worker process for the tests of the mail room."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from baocao.domain.planned.period import Period
from baocao.mail.letters.compose import Outgoing
from baocao.mail.sending.smtp import SmtpSettings, SmtpTransport
from baocao.store.engine.database import connect as open_engine
from baocao.store.schema import mail
from baocao.store.schema.metadata import metadata
from support import ROOT, TESTS
from support.servers.smtp import SmtpServer

NOW = datetime(2022, 10, 24, 1, 0, tzinfo=UTC)
UBND = ("Ủy ban nhân dân tỉnh", "vanthu@ubnd.example")
BCD = ("Ban Chỉ đạo", "bcd@tinh.example")

_WORKER = """
import os, signal, sys
from pathlib import Path
from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.transport import FileTransport
from support.mail.letters import NOW, database, over

class Killed:
    def __init__(self, transport):
        self.open, self.close, self.real = transport.open, transport.close, transport
    def send(self, envelope):
        replies = self.real.send(envelope)
        os.kill(os.getpid(), signal.SIGKILL)

class KilledFiling(FileTransport):
    left = 150
    def send(self, envelope):
        self.left -= 1
        return super().send(envelope) if self.left else os.kill(os.getpid(), signal.SIGKILL)

port, url, folder, moment = sys.argv[1:]
if moment == "filing":
    deliver(database(url), KilledFiling(Path(folder)), Path(folder), NOW)
transport = over(int(port))
deliver(database(url), Killed(transport) if moment == "after 250" else transport, Path(folder), NOW)
"""


def database(url: str) -> Engine:
    """A database opened as the house opens it, with the mail tables."""
    engine = open_engine(url)
    metadata.create_all(engine, [mail.message, mail.delivery])
    return engine


def over(port: int, timeout: float = 5) -> SmtpTransport:
    """The way to the server on this port of the loopback."""
    return SmtpTransport(SmtpSettings("127.0.0.1", port, security="none", timeout=timeout))


def start_worker(server: SmtpServer, engine: Engine, folder: Path, moment: str) -> "subprocess.Popen[bytes]":
    """A process that delivers; at the moment «after 250» it kills itself as soon as the server has said 250.

    At the moment «filing» it lays mails into files instead, and kills itself before the hundred and fiftieth.
    """
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            _WORKER,
            str(server.port),
            engine.url.render_as_string(hide_password=False),
            folder,
            moment,
        ],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"},
    )


def outgoing(key: str = "report/2022-10/v1", **changes: Any) -> Outgoing:
    """A report's message to two recipients."""
    values: dict[str, Any] = {
        "plan": "mau",
        "key": key,
        "kind": "report",
        "period": Period(2022, 10),
        "sender": ("Tổng hợp báo cáo", "tonghop@so.example"),
        "recipients": (UBND, BCD),
        "subject": "Báo cáo tháng 10 năm 2022",
        "text": "Kính gửi các đồng chí.",
    }
    return Outgoing(**{**values, **changes})


def answers(count: int) -> list[Outgoing]:
    """So many answers, each to one unit."""
    return [
        outgoing(f"answer/2022-10/U{number:03}/v1", kind="answer", unit=f"U{number:03}", recipients=(_unit(number),))
        for number in range(count)
    ]


def _unit(number: int) -> tuple[str, str]:
    return f"Đơn vị {number}", f"u{number:03}@don-vi.example"
