"""Mails that did not clearly arrive: sent again or concluded by a person, once, and written into the book."""

from pathlib import Path

import pytest
from support.mail.letters import BCD, UBND, outgoing
from support.servers.smtp import SmtpServer, free_port
from support.stores.houses import clock_at, house

from baocao.decisions.signing import CONCLUSION, OPERATION, sign
from baocao.domain.delivery import DeliveryState
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import deliver_all
from baocao.oversight.resending import conclude, send_again, send_elsewhere
from baocao.store.audit import entries
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.messages import show
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.workspace import Workspace

KEY = "report/2022-10/v1"


@pytest.fixture
def workspace(tmp_path: Path, database_url: str, server: SmtpServer) -> Workspace:
    return house(tmp_path / "home", database_url, smtp_host=server.host, smtp_port=server.port, smtp_security="none")


def refused_once(workspace: Workspace, server: SmtpServer) -> None:
    """A report that one recipient's server does not take."""
    clock = clock_at(workspace, "2022-10-24T08:00")
    server.faults.rcpt[BCD[1]] = "550 5.1.1 no such user"
    with writing(workspace.engine) as connection:
        enqueue(connection, [outgoing()], workspace.outbox_folder, clock.now)
    deliver_all(workspace, clock)
    server.faults.rcpt.clear()


def states(workspace: Workspace) -> dict[str, str]:
    with reading(workspace.engine) as connection:
        return {one.recipient: one.state.value for one in show(connection, KEY).deliveries}


def test_sent_again_only_to_whom_it_was_refused_and_written_down(workspace: Workspace, server: SmtpServer) -> None:
    refused_once(workspace, server)
    assert states(workspace) == {BCD[1]: "refused", UBND[1]: "sent"}
    clock = clock_at(workspace, "2022-10-24T10:00")
    assert all(
        one.state is DeliveryState.SENT
        for one in send_again(workspace, KEY, None, sign("văn thư", "", clock, demand=OPERATION)).deliveries
    )
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}
    with pytest.raises(UsageError, match="không có nơi nhận nào cần gửi lại"):
        send_again(workspace, KEY, None, sign("văn thư", "", clock, demand=OPERATION))
    with reading(workspace.engine) as connection:
        (entry,) = entries(connection)
    assert (entry.who, entry.action, entry.subject, entry.period) == ("văn thư", "retry", KEY, "2022-10")
    assert entry.details == {"recipients": [BCD[1]]}


def test_with_no_server_it_waits_and_the_wish_is_kept(workspace: Workspace, server: SmtpServer, tmp_path: Path) -> None:
    refused_once(workspace, server)
    url = workspace.engine.url.render_as_string(hide_password=False)
    away = house(tmp_path / "home", url, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    with pytest.raises(OutsideServiceError):
        send_again(away, KEY, BCD[1], sign("văn thư", "", clock_at(workspace, "2022-10-24T10:00"), demand=OPERATION))
    away.engine.dispose()
    assert states(workspace)[BCD[1]] == "pending"


def test_a_conclusion_has_a_name_and_stays(workspace: Workspace, server: SmtpServer) -> None:
    refused_once(workspace, server)
    clock = clock_at(workspace, "2022-10-24T10:00")
    for note, who in (("", "Văn thư"), ("gọi điện", " ")):
        with pytest.raises(UsageError):
            conclude(workspace, KEY, BCD[1], DeliveryState.SENT, sign(who, note, clock, demand=CONCLUSION))
    conclude(workspace, KEY, BCD[1], DeliveryState.SENT, sign("Văn thư", "đã gọi điện", clock, demand=CONCLUSION))
    with reading(workspace.engine) as connection:
        (one,) = (one for one in show(connection, KEY).deliveries if one.recipient == BCD[1])
        (entry,) = entries(connection)
    assert (one.state, one.note, one.sent_at) == (DeliveryState.SENT, "Văn thư: đã gọi điện", clock.now)
    assert entry.details == {"recipient": BCD[1], "from": "refused", "to": "sent"}
    with pytest.raises(UsageError, match="đang chờ kết luận"):
        conclude(workspace, KEY, BCD[1], DeliveryState.REFUSED, sign("Văn thư", "nhầm", clock, demand=CONCLUSION))


def test_sent_again_to_a_corrected_address_and_written_down(workspace: Workspace, server: SmtpServer) -> None:
    refused_once(workspace, server)
    signed = sign("Trần Thị Mẫu", "Ban Chỉ đạo đổi địa chỉ", clock_at(workspace, "2022-10-24T10:00"))
    for wrong_use in ("khong-phai-dia-chi", UBND[1]):
        with pytest.raises(UsageError):
            send_elsewhere(workspace, KEY, None, wrong_use, signed)
    message = send_elsewhere(workspace, KEY, None, "bcd-moi@tinh.example", signed)
    found = {one.recipient: one for one in message.deliveries}
    assert (found["bcd-moi@tinh.example"].state, found["bcd-moi@tinh.example"].name) == (DeliveryState.SENT, BCD[0])
    assert (found[BCD[1]].is_open, found[BCD[1]].note) == (False, "Trần Thị Mẫu: gửi lại tới bcd-moi@tinh.example")
    assert server.copies() == {UBND[1]: 1, "bcd-moi@tinh.example": 1}
    assert len({one.content for one in server.received}) == 1
    with reading(workspace.engine) as connection:
        (entry,) = entries(connection)
    assert (entry.action, entry.who, entry.subject, entry.reason) == (
        "redirect",
        "Trần Thị Mẫu",
        KEY,
        "Ban Chỉ đạo đổi địa chỉ",
    )
    assert entry.details == {"from": BCD[1], "to": "bcd-moi@tinh.example"}


def test_sent_to_a_stranger_it_can_still_go_to_the_right_address(workspace: Workspace, server: SmtpServer) -> None:
    clock = clock_at(workspace, "2022-10-24T08:00")
    with writing(workspace.engine) as connection:
        enqueue(connection, [outgoing()], workspace.outbox_folder, clock.now)
    deliver_all(workspace, clock)
    signed = sign("Trần Thị Mẫu", "nhầm địa chỉ", clock)
    with pytest.raises(UsageError, match="--recipient"):
        send_elsewhere(workspace, KEY, None, "dung@tinh.example", signed)
    message = send_elsewhere(workspace, KEY, BCD[1], "dung@tinh.example", signed)
    assert {one.recipient: one.state.value for one in message.deliveries} == {
        UBND[1]: "sent",
        BCD[1]: "sent",
        "dung@tinh.example": "sent",
    }
