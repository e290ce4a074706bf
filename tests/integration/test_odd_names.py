"""File names that no program expects, on every way in and at every place where a name is used."""

import os
import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.mail.mailboxes import NOW, SCT, House, letter

from baocao.domain.mailbox import one_line
from baocao.intake.filing.returned import marked_name
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.mail.letters.answers import quarantine_note
from baocao.message.attachments import find_workbooks
from baocao.message.incoming import Incoming
from baocao.store.archive import quarantine
from baocao.store.engine.database import reading
from baocao.store.receipts import waiting_ids
from baocao.store.schema.reporting import receipt
from baocao.system.files import safe_name
from baocao.system.names import clean_name

CONTROLS = [chr(code) for code in (*range(1, 32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0xFFFE, 0xFFFF)]
ODD = [*(f"báo{sign}cáo.xlsx" for sign in CONTROLS if sign != "/"), "...", " ", ". .", "x" * 251 + ".xls", " .xlsx"]


@pytest.mark.parametrize("name", [*ODD, "\0.xlsx", "\ud800.xlsx", "", "ệ" * 4_000 + ".xlsx", "con\r\nBcc: a@b"])
def test_a_name_is_fit_for_every_place(name: str, tmp_path: Path) -> None:
    shown = clean_name(name)
    assert shown == clean_name(shown)
    assert 0 < len(shown) <= 300
    assert shown.encode()
    assert one_line("Tên tệp", shown) == shown
    assert len(safe_name(shown).encode()) <= 150
    assert one_line("Tên tệp", marked_name(name)).endswith(" - đã đánh dấu.xlsx")
    assert quarantine(tmp_path, b"so lieu", name, NOW, "vì\nsao").read_bytes() == b"so lieu"


@given(st.text(st.characters(exclude_categories=())))
def test_no_sign_of_unicode_breaks_a_name(name: str) -> None:
    shown = clean_name(name)
    assert shown.encode()
    assert shown.isprintable() or any(sign.isspace() or ord(sign) > 0xA0 for sign in shown)
    assert one_line("Tên tệp", shown)


def test_a_letter_about_a_file_has_one_line_of_subject() -> None:
    from support.workbooks.samples import plan

    note = quarantine_note(plan(), "a\nBcc: x@y.xlsx", NOW, "vì sao")
    assert one_line("Tiêu đề", note.subject) == "Tệp bị tạm giữ, cần xem: a Bcc: x@y.xlsx"


@pytest.mark.slow
def test_odd_names_in_a_mail_and_in_an_archive_cost_nobody_anything(mail: House) -> None:
    """All from a stranger, so that each goes into the quarantine and is told; then what an older version took in."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for number, name in enumerate(ODD[:40]):
            packed.writestr(f"{name}{number}.xlsx", f"so lieu {number}")
    message = letter([("a.zip", archive.getvalue())], vouched=[])
    message.add_attachment(b"so lieu x", "application", "octet-stream", filename="b@c.xlsx")
    mail.mailbox.put(message.as_bytes().replace(b"b@c.xlsx", b"b\x0bc.xlsx"), NOW)
    mail.collect()
    assert {state for _, state in mail.receipts()} == {"quarantined"}
    assert len(mail.receipts()) == 41

    mail.mailbox.put(letter([("cu.xlsx", b"so lieu cu")], vouched=[], number=2).as_bytes(), NOW)
    from baocao.system.clock import Clock
    from tasks.take_in import take_in

    take_in.fn(mail.receipts() and _october(), Clock(NOW, is_simulated=False))
    with sqlite3.connect(mail.workspace.home / "baocao.db") as database:
        database.execute("update receipt set name = 'cu\ncu\x0b.xlsx' where state = 'taken'")
    mail.collect()
    assert {state for _, state in mail.receipts()} == {"quarantined"}
    assert len(mail.receipts()) == 42
    assert SCT not in {to for one in mail.out.received for to in one.recipients}


def test_odd_names_in_a_folder_are_taken(mail: House) -> None:
    folder = mail.workspace.home / "inbox" / "SCT"
    folder.mkdir(parents=True)
    for number, name in enumerate(ODD):
        if name.strip(". "):
            (folder / f"{name[:200]}{number}.xlsx").write_bytes(b"so lieu %d" % number)
    with open(os.fsencode(folder) + b"/\xff\n.xlsx", "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(b"so lieu")
    waiting = find_waiting(mail.workspace.home / "inbox", ["SCT"], NOW, 0)
    workspace = mail.workspace
    assert take_in_folder(workspace.engine, workspace.home, waiting, _october(), NOW, is_simulated=True) == len(waiting)
    assert len(waiting_ids(workspace.engine)) == len(waiting) > 70
    with reading(workspace.engine) as connection:
        assert all(
            one_line("Tên tệp", name) == name
            for name in connection.scalars(receipt.select().with_only_columns(receipt.c.name))
        )
    assert list(folder.iterdir()) == []


def test_a_name_of_blanks_in_a_mail_is_a_name() -> None:
    for name in ("   .xlsx", "....xlsx"):
        (one,) = find_workbooks(Incoming(letter([(name, b"PK so lieu")]).as_bytes())).workbooks
        assert clean_name(one.name)


def _october() -> "object":
    from support.mail.mailboxes import OCTOBER

    return OCTOBER
