"""A mailbox that strangers fill with the worst they can make, beside good mail: bounded in time and memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest
from support.mail.hostile import FROM, KINDS, worst_hundred
from support.mail.mailboxes import NOW, OCTOBER, OURS, SCT, House, letter, report_file
from support.workbooks.samples import plan

from baocao.intake.mailbox.deciding import Fate, decide
from baocao.isolation.process import ReaderPool
from baocao.message.opening import Letter, open_message
from baocao.store.archive import digest
from baocao.store.engine.database import reading
from baocao.store.submissions import of_period


def archived(folder: Path, raw: bytes) -> Letter:
    path = folder / f"{digest(raw)}.eml"
    path.write_bytes(raw)
    return Letter(path, OURS)


def subjects_to(mail: House, address: str) -> list[str]:
    received = [one.content for one in mail.out.received if address in one.recipients]
    return [str(message_from_bytes(one, policy=policy.default)["subject"]) for one in received]


@pytest.mark.slow
def test_a_message_that_breaks_its_reader_is_held_and_told_once_and_the_mailbox_goes_on(
    mail: House, tmp_path: Path
) -> None:
    """Ten thousand nested messages, from a unit that our mail server vouches for, before a good report."""
    hostile = letter(number=1, sender=SCT).as_bytes().partition(b"\n\n")[0]
    hostile += b'\nX: y\nContent-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\na\n" * 300_000
    hostile = hostile.replace(b'Content-Type: text/plain; charset="utf-8"\n', b"")
    mail.mailbox.put(hostile, NOW)
    mail.mailbox.put(letter([("thang.xlsx", report_file(mail.workspace, tmp_path))], number=2).as_bytes(), NOW)
    mail.collect()
    mail.mailbox.put_back("Cach-ly")
    mail.collect()

    assert mail.receipts() == [("SCT", "checked")]
    assert len(mail.mailbox.messages("Cach-ly")) == 1
    assert subjects_to(mail, "canbo.tonghop@ninhbinh.example") == ["Có thư cần người xem"]
    assert len(subjects_to(mail, SCT)) == 2


def test_a_mail_that_takes_too_long_costs_only_itself(tmp_path: Path) -> None:
    make, _ = KINDS["parts"]
    slow = archived(tmp_path, FROM % (1, 1) + make(1_000_000))
    good = archived(tmp_path, letter([("a.xlsx", b"PK so lieu")]).as_bytes())
    with ReaderPool(plan(), 1) as pool:
        opened = list(pool.open_all([good, slow, good]))
    assert [one.is_hostile for one in opened] == [False, True, False]
    assert [one.sender for one in opened] == [SCT, "nguoila1@la.example", SCT]
    assert opened[1].ref == slow.sha256


@pytest.mark.slow
@pytest.mark.parametrize("name", ["from quotes", "from escapes", "parameters", "name quotes", "results", "headers"])
def test_headers_are_cut_before_they_are_parsed(name: str) -> None:
    make, sizes = KINDS[name]
    for size in sizes:
        started = time.process_time()
        opened = open_message(b"X-Way: mx\r\n" + make(size), OURS)
        assert time.process_time() - started < 2
        assert opened.sender == ""


@pytest.mark.parametrize(("name", "size"), [("bare ends", 4 << 20), ("notices", 20_000), ("notices", 100_000)])
def test_what_no_server_lets_pass_is_seen_before_it_is_parsed(name: str, size: int) -> None:
    make, _ = KINDS[name]
    raw = FROM % (1, 1) + make(size)
    started = time.process_time()
    assert open_message(raw, OURS).is_hostile
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_a_thousand_files_are_refused_in_one_sentence(count: int) -> None:
    make, _ = KINDS["files"]
    opened = open_message(f"Authentication-Results: {OURS}; dmarc=pass header.from=ninhbinh.example\r\n".encode()
                          + f"From: <{SCT}>\r\n".encode() + make(count), OURS)  # fmt: skip
    decision = decide(plan(), opened, is_ours=False, is_flood=False)
    assert (decision.fate, decision.files, decision.is_told) == (Fate.HELD, (), True)
    assert decision.unit is not None
    assert ("1000 tệp" if count == 1_000 else "quá nhiều phần") in decision.why


@pytest.mark.slow
@pytest.mark.timeout(300)  # two minutes where nothing else runs
def test_ten_good_messages_beside_the_worst_hundred_are_answered_in_two_minutes(mail: House, tmp_path: Path) -> None:
    units = [unit.code for unit in mail.workspace.plan.units]
    good = [
        letter(
            [("thang.xlsx", report_file(mail.workspace, tmp_path, units[n % len(units)], seed=n))],
            number=n,
            sender=mail.workspace.plan.unit_by_code[units[n % len(units)]].email,
        ).as_bytes()
        for n in range(10)
    ]
    for number, (_, raw) in enumerate(worst_hundred()):
        mail.mailbox.put(raw, NOW)
        if number % 10 == 9:
            mail.mailbox.put(good[number // 10], NOW)
    with peak_memory() as peak:
        mail.collect()

    with reading(mail.workspace.engine) as connection:
        assert len(of_period(connection, OCTOBER)) == 10
    answered = [to for unit in units for to in subjects_to(mail, mail.workspace.plan.unit_by_code[unit].email)]
    assert len([one for one in answered if one.startswith("Re: ")]) == 10
    assert mail.mailbox.messages() == []
    assert max(peak) < 1 << 30


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """Bytes in memory of new children and what this process, which may hold other tests' leavings, took in addition."""
    before = psutil.Process().memory_info().rss
    others = {one.pid for one in psutil.Process().children(recursive=True)}  # a LibreOffice that stands open
    seen, stop = [0], threading.Event()

    def look() -> None:
        own = psutil.Process()
        while not stop.wait(0.1):
            total = -before
            for one in (own, *(each for each in own.children(recursive=True) if each.pid not in others)):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            seen.append(total)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
