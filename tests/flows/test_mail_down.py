"""The mail server is down, refuses the login, or a recipient: whoever waits or must act is told; no try is wasted."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from support.months.october import COLLECTED, OCTOBER, REPORTED, lay
from support.servers.smtp import SmtpServer, free_port, smtp_server

from baocao.domain.delivery import Delivery
from baocao.mail.sending.transport import NoWayOutError
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.commands.root import app
from flows.collect import collect
from tasks.deliver import deliver
from tasks.support.retrying import WAITING

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPERATOR, BCD = "canbo.tonghop@ninhbinh.example", "bcd.chuyendoiso@ninhbinh.example"


def mails_by(monkeypatch: pytest.MonkeyPatch, port: int, **settings: str) -> Workspace:
    """The house, whose mails leave by the server on this port of the loopback."""
    values = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none", **settings}
    for name, value in values.items():
        monkeypatch.setenv(f"BAOCAO_{name}", value)
    open_workspace.cache_clear()
    return open_workspace()


def deliveries(workspace: Workspace) -> list[Delivery]:
    with reading(workspace.engine) as connection:
        return [one for message in list_messages(connection) for one in message.deliveries]


@pytest.mark.slow
def test_a_wrong_password_fails_at_once_and_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(workspace, "SCT")
    with smtp_server(password="dung") as server:
        house = mails_by(monkeypatch, server.port, SMTP_USER="tonghop", SMTP_PASSWORD="sai")
        with pytest.raises(NoWayOutError, match="từ chối đăng nhập"):
            collect("2022-10", COLLECTED)
        assert server.connections == 1
    (answer, *_) = deliveries(house)
    assert (answer.state, answer.attempts) == ("pending", 1)
    assert "mã 535" in str(answer.last_error)
    assert "thử lại lúc" not in capsys.readouterr().err


@pytest.mark.slow
def test_a_server_that_is_down_is_waited_for_and_told_of(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deliver, "retry_delay_seconds", [0.1, 0.1, 0.1])
    lay(workspace, "SCT")
    house = mails_by(monkeypatch, free_port())
    with pytest.raises(NoWayOutError):
        collect("2022-10", COLLECTED)
    told = [line for line in capsys.readouterr().err.splitlines() if "thử lại lúc" in line]
    assert [line[: line.index(" chưa được")] for line in told] == [f"Gửi thư: lần {n}/4" for n in (1, 2, 3)]
    assert "máy chủ không nhận kết nối" in told[0]
    assert {(one.state, one.attempts) for one in deliveries(house)} >= {("pending", 4)}
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[WAITING])))
    assert any("thử lại lúc" in str(one.data) for one in found)


@pytest.fixture
def refusing() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        server.faults.rcpt[BCD] = "550 5.1.1 no such user"
        yield server


def run(*arguments: str) -> int:
    """A command as it is typed; its exit code."""
    code: int | None = app(args=[*arguments, "--as-of", f"{REPORTED:%Y-%m-%dT%H:%M}"], standalone_mode=False)
    return code or 0


def texts_to(server: SmtpServer, address: str) -> list[str]:
    received = [
        message_from_bytes(one.content, policy=policy.default) for one in server.received if address in one.recipients
    ]
    return [" ".join(f"{one['subject']} {one.get_body(('plain',)).get_content()}".split()) for one in received]


@pytest.mark.slow
def test_a_refused_recipient_is_told_each_time_and_alerted_once(
    workspace: Workspace,
    refusing: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lay(workspace, "SCT")
    mails_by(monkeypatch, refusing.port)
    collect("2022-10", COLLECTED)
    for _ in range(2):
        capsys.readouterr()
        assert run("report", "--period", "2022-10") == 4
        (told,) = capsys.readouterr().err.strip().splitlines()
        assert f"CHƯA TỚI {BCD}: Bị từ chối" in told
        assert "550 5.1.1 no such user" in told
        assert "baocao outbox show report/2022-10/v1" in told
    alerts = [one for one in texts_to(refusing, OPERATOR) if "từ chối" in one]
    assert len(alerts) == 1
    assert f"tới {BCD} bị từ chối: 550 5.1.1 no such user" in alerts[0]
    assert "baocao outbox retry report/2022-10/v1 --to" in alerts[0]

    right = "vanphong.bcd@ninhbinh.example"
    signed = ("--name", "Trần Thị Mẫu", "--reason", "Ban Chỉ đạo báo địa chỉ mới")
    assert run("outbox", "retry", "report/2022-10/v1", "--to", right, *signed) == 0
    assert refusing.copies()[right] == 1
    assert run("report", "--period", "2022-10") == 0
    assert run("outbox", "retry", "report/2022-10/v1", "--to", "x@y.example", "--recipient", right, *signed) == 0


@pytest.mark.slow
def test_refused_again_after_a_second_try_it_is_told_again(
    workspace: Workspace, refusing: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(workspace, "SCT")
    mails_by(monkeypatch, refusing.port)
    collect("2022-10", COLLECTED)
    assert run("report", "--period", "2022-10") == 4
    assert run("outbox", "retry", "report/2022-10/v1") == 4
    collect("2022-10", datetime(2022, 10, 24, 9))
    assert len([one for one in texts_to(refusing, OPERATOR) if "từ chối" in one]) == 2
    assert OCTOBER
