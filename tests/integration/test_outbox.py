"""Sổ thư đi on a real database, real files and a real server: written once, sent once, whatever happens in between."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from support.mail.letters import BCD, NOW, UBND, answers, database, outgoing, over, start_worker
from support.servers.smtp import SmtpServer, smtp_server

from baocao.domain.delivery import Delivery, DeliveryState, DeliverySummary
from baocao.domain.planned.period import Period
from baocao.mail.letters.compose import Outgoing, lighter
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import DELAYS, deliver
from baocao.mail.sending.transport import FileTransport
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.deliveries import hold_unsent, resolve, retry
from baocao.store.outbox.messages import list_messages, show, summarize
from baocao.store.schema.mail import message
from baocao.system.errors import OutsideServiceError, UsageError

KEY = "report/2022-10/v1"
FILE = "report~2022-10~v1.eml"
LATER = NOW + timedelta(days=30)


@pytest.fixture
def engine(database_url: str) -> Engine:
    return database(database_url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def write_down(engine: Engine, folder: Path, *messages: Outgoing) -> list[str]:
    with writing(engine) as connection:
        return enqueue(connection, messages, folder, NOW)


def deliveries(engine: Engine, key: str = KEY) -> dict[str, Delivery]:
    with reading(engine) as connection:
        return {one.recipient: one for one in show(connection, key).deliveries}


def states(engine: Engine, key: str = KEY) -> dict[str, DeliveryState]:
    return {recipient: one.state for recipient, one in deliveries(engine, key).items()}


def both(state: DeliveryState) -> dict[str, DeliveryState]:
    return {UBND[1]: state, BCD[1]: state}


def test_a_message_is_written_once_and_sent_once(engine: Engine, folder: Path) -> None:
    assert write_down(engine, folder, outgoing()) == [KEY]
    content = (folder / FILE).read_bytes()
    assert write_down(engine, folder, outgoing(text="Nội dung khác")) == []
    assert deliver(engine, FileTransport(folder), folder, NOW) == DeliverySummary(sent=2)
    assert deliver(engine, FileTransport(folder), folder, LATER) == DeliverySummary()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {FILE: content}
    assert [one.sent_at for one in deliveries(engine).values()] == [NOW, NOW]


def test_what_is_rolled_back_was_never_written_down(engine: Engine, folder: Path) -> None:
    with engine.connect().execution_options(write=True) as connection:
        enqueue(connection, [outgoing(text="bản bị hủy")], folder, NOW)
        connection.rollback()
    assert deliver(engine, FileTransport(folder), folder, NOW) == DeliverySummary()
    write_down(engine, folder, outgoing(text="bản thật"))
    assert deliver(engine, FileTransport(folder), folder, NOW) == DeliverySummary(sent=2)
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert message_from_bytes((folder / FILE).read_bytes(), policy=policy.default).get_content() == "bản thật\r\n"


@pytest.mark.slow
def test_many_are_written_down_once_by_two_at_once(engine: Engine, folder: Path) -> None:
    messages = answers(450)
    with ThreadPoolExecutor(2) as pool:
        added = list(pool.map(lambda _: write_down(engine, folder, *messages), range(2)))
    assert sorted(map(len, added)) == [0, 450]
    assert len(list(folder.iterdir())) == 450
    with reading(engine) as connection:
        for one in list_messages(connection):
            assert hashlib.sha256((folder / one.eml_file).read_bytes()).hexdigest() == connection.scalar(
                select(message.c.eml_sha256).where(message.c.key == one.key)
            )


def test_two_workers_send_each_message_once(engine: Engine, folder: Path, server: SmtpServer) -> None:
    write_down(engine, folder, *answers(60))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: deliver(engine, over(server.port), folder, NOW), range(3)))
    assert sum(one.sent for one in done) == 60
    assert set(server.copies().values()) == {1}
    assert len(server.received) == 60


def test_greylisting_defers_only_that_recipient_and_ever_longer(
    engine: Engine, folder: Path, server: SmtpServer
) -> None:
    server.faults.rcpt = {UBND[1]: "451 4.7.1 greylisted"}
    write_down(engine, folder, outgoing())
    assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(sent=1, deferred=1)
    assert states(engine) == {UBND[1]: DeliveryState.DEFERRED, BCD[1]: DeliveryState.SENT}
    first = deliveries(engine)[UBND[1]]
    assert first.next_try_at == NOW + DELAYS[0]
    assert "greylisted" in str(first.last_error)
    assert deliver(engine, over(server.port), folder, NOW + DELAYS[0] / 2).deferred == 1
    assert deliveries(engine)[UBND[1]].attempts == 1
    deliver(engine, over(server.port), folder, NOW + DELAYS[0])
    assert deliveries(engine)[UBND[1]].next_try_at == NOW + DELAYS[0] + DELAYS[1]
    server.faults.rcpt = {}
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary(sent=1)
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}


def test_a_refusal_is_final_until_a_person_decides(engine: Engine, folder: Path, server: SmtpServer) -> None:
    server.faults.rcpt = {UBND[1]: "550 5.1.1 no such user"}
    write_down(engine, folder, outgoing())
    assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(sent=1, refused=1)
    server.faults.rcpt = {}
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary()
    with writing(engine) as connection:
        assert retry(connection, KEY) == [UBND[1]]
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary(sent=1)
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}


def test_an_uncertain_delivery_waits_for_a_person_and_keeps_its_message_id(
    engine: Engine, folder: Path, server: SmtpServer
) -> None:
    server.faults.drop_at = "accepted"
    write_down(engine, folder, outgoing())
    assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(uncertain=2)
    server.faults.drop_at = ""
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary()
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}
    with writing(engine) as connection:
        resolve(connection, KEY, BCD[1], DeliveryState.SENT, "Văn thư xác nhận đã nhận", LATER)
        retry(connection, KEY)
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary(sent=1)
    assert server.copies() == {UBND[1]: 2, BCD[1]: 1}
    assert len({message_from_bytes(one.content)["Message-ID"] for one in server.received}) == 1
    assert deliveries(engine)[BCD[1]].note == "Văn thư xác nhận đã nhận"


def test_a_stalled_server_leaves_the_delivery_uncertain(engine: Engine, folder: Path, server: SmtpServer) -> None:
    server.faults.stall_at = "accepted"
    write_down(engine, folder, outgoing())
    assert deliver(engine, over(server.port, timeout=0.5), folder, NOW) == DeliverySummary(uncertain=2)


def test_a_message_too_large_goes_with_fewer_attachments(engine: Engine, folder: Path) -> None:
    full = outgoing(
        html="<html><body><p>Kính gửi</p></body></html>",
        attachments=(("so-lieu.xlsx", b"x" * 50_000, "application/zip"), ("bao-cao.pdf", b"pdf", "application/pdf")),
    )
    full = outgoing(
        html=full.html,
        attachments=full.attachments,
        fallback=lighter(full, ("bao-cao.pdf",), "tại Cổng dữ liệu <nội bộ>"),
    )
    with smtp_server(size_limit=20_000) as server:
        write_down(engine, folder, full)
        assert [path.name for path in folder.glob("*.eml")] == [FILE]
        assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(sent=2)
        assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary()
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}
    got = message_from_bytes(server.received[0].content, policy=policy.default)
    assert [one.get_filename() for one in got.iter_attachments()] == ["bao-cao.pdf"]
    assert "so-lieu.xlsx" in got.get_body(("plain",)).get_content()
    assert "tại Cổng dữ liệu &lt;nội bộ&gt;." in got.get_body(("html",)).get_content()
    assert states(engine, f"{KEY}/nhe") == both(DeliveryState.SENT)
    assert {one.replaced_by for one in deliveries(engine).values()} == {f"{KEY}/nhe"}
    with reading(engine) as connection:
        assert summarize(connection, Period(2022, 10)) == DeliverySummary(sent=2)
    with writing(engine) as connection, pytest.raises(UsageError):
        retry(connection, KEY)


def test_a_message_too_large_without_a_smaller_one_is_refused(engine: Engine, folder: Path) -> None:
    with smtp_server(size_limit=20) as server:
        write_down(engine, folder, outgoing())
        assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(refused=2)


def test_an_outage_is_written_down_with_each_delivery_as_it_happens(engine: Engine, folder: Path) -> None:
    write_down(engine, folder, outgoing())
    with smtp_server() as server:
        pass
    for attempts in (1, 2):
        with pytest.raises(OutsideServiceError):
            deliver(engine, over(server.port), folder, NOW)
        found = deliveries(engine).values()
        assert {(one.state, one.attempts) for one in found} == {(DeliveryState.PENDING, attempts)}
        assert all(f"127.0.0.1:{server.port}: máy chủ không nhận kết nối" in str(one.last_error) for one in found)
    with smtp_server() as again:  # an outage does not make what is greylisted later wait the longer
        again.faults.greeted = {UBND[1]: "451 4.7.1 greylisted"}
        assert deliver(engine, over(again.port), folder, NOW) == DeliverySummary(sent=1, deferred=1)
    assert deliveries(engine)[UBND[1]].next_try_at == NOW + DELAYS[0]
    assert (deliveries(engine)[BCD[1]].attempts, deliveries(engine)[BCD[1]].last_error) == (3, None)


def test_a_sender_that_is_not_taken_leaves_all_as_it_was(engine: Engine, folder: Path, server: SmtpServer) -> None:
    server.faults.mail = "553 5.7.1 not yours"
    write_down(engine, folder, outgoing())
    with pytest.raises(OutsideServiceError):
        deliver(engine, over(server.port), folder, NOW)
    assert {(one.state, one.attempts) for one in deliveries(engine).values()} == {(DeliveryState.PENDING, 1)}
    assert {"553 5.7.1 not yours" in str(one.last_error) for one in deliveries(engine).values()} == {True}
    server.faults.mail = ""
    assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(sent=2)


def test_a_file_that_was_altered_is_not_sent(engine: Engine, folder: Path, server: SmtpServer) -> None:
    write_down(engine, folder, outgoing())
    content = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(content + b"them\r\n")
    assert deliver(engine, over(server.port), folder, NOW) == DeliverySummary(deferred=2)
    assert server.received == []
    (folder / FILE).write_bytes(content)
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary(sent=2)


@pytest.mark.slow
def test_killed_between_the_servers_250_and_our_sent(engine: Engine, folder: Path, server: SmtpServer) -> None:
    write_down(engine, folder, outgoing())
    assert start_worker(server, engine, folder, "after 250").wait(60) == -9
    assert states(engine) == both(DeliveryState.SENDING)
    assert deliver(engine, over(server.port), folder, LATER) == DeliverySummary(uncertain=2)
    assert server.copies() == {UBND[1]: 1, BCD[1]: 1}


@pytest.mark.slow
def test_killed_at_any_moment_nothing_goes_out_twice(engine: Engine, folder: Path, server: SmtpServer) -> None:
    write_down(engine, folder, *answers(200))
    for round_ in range(1, 4):
        worker = start_worker(server, engine, folder, "never")
        while len(server.received) < round_ * 40 + round_ * 7 % 5 and worker.poll() is None:
            time.sleep(0.001)
        worker.kill()
        worker.wait(60)
    deliver(engine, over(server.port), folder, NOW)
    with reading(engine) as connection:
        after = {one.deliveries[0].recipient: one.deliveries[0].state for one in list_messages(connection)}
    uncertain = {recipient for recipient, state in after.items() if state is DeliveryState.UNCERTAIN}
    copies = server.copies()
    assert set(copies.values()) == {1}
    assert len(uncertain) <= 3
    assert set(after) - uncertain <= set(copies)
    assert set(after.values()) <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}


def test_after_a_restore_nothing_goes_out_by_itself(engine: Engine, folder: Path) -> None:
    write_down(engine, folder, outgoing())
    with writing(engine) as connection:
        assert hold_unsent(connection, "Khôi phục từ bản sao lưu") == 2
    assert deliver(engine, FileTransport(folder), folder, LATER) == DeliverySummary()
    assert states(engine) == both(DeliveryState.UNCERTAIN)


def test_a_disk_that_refuses_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("không phải thư mục")
    with pytest.raises(OutsideServiceError):
        write_down(engine, tmp_path / "outbox", outgoing())
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(message)) == 0


def test_the_list_tells_what_a_person_must_look_at(engine: Engine, folder: Path, server: SmtpServer) -> None:
    server.faults.rcpt = {"u001@don-vi.example": "550 no"}
    write_down(engine, folder, outgoing(), *answers(3))
    deliver(engine, over(server.port), folder, NOW)
    with reading(engine) as connection:
        assert [one.key for one in list_messages(connection, kind="report")] == [KEY]
        assert [one.unit for one in list_messages(connection, states=[DeliveryState.REFUSED])] == ["U001"]
        assert list_messages(connection, period=Period(2022, 11)) == []
        row = show(connection, KEY).as_row()
    assert row["deliveries"][0]["sent_at"] == "2022-10-24T01:00:00+00:00"
    assert row["eml_file"] == FILE


def test_decisions_that_make_no_sense_are_refused(engine: Engine, folder: Path) -> None:
    write_down(engine, folder, outgoing())
    deliver(engine, FileTransport(folder), folder, NOW)
    with writing(engine) as connection:
        for mistake in (
            lambda: show(connection, "khong-co"),
            lambda: retry(connection, KEY),
            lambda: resolve(connection, KEY, UBND[1], DeliveryState.REFUSED, "nhầm", NOW),
            lambda: resolve(connection, KEY, UBND[1], DeliveryState.PENDING, "nhầm", NOW),
            lambda: resolve(connection, KEY, UBND[1], DeliveryState.SENT, " ", NOW),
        ):
            with pytest.raises(UsageError):
                mistake()
