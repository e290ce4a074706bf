"""Archives and saved mails that a clerk lays into the folder: opened as in mail, never silently left for ever."""

import os
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from support.mail.hostile import zipped
from support.mail.mailboxes import letter
from support.months.steps import stepping
from support.stores.facts import OCTOBER

from baocao.intake.folder import LARGEST_BYTES
from baocao.intake.sources import take_in_all
from baocao.store.engine.database import reading
from baocao.store.schema.reporting import receipt
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

BOOK = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
NESTED = zipped({f"{number}.xlsx": BOOK + b"%d" % number for number in range(51)})


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with stepping(tmp_path / "home", monkeypatch) as made:
        yield made


def lay(workspace: Workspace, name: str, data: bytes) -> Path:
    path = workspace.settings.inbox_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def take(workspace: Workspace) -> int:
    from datetime import UTC, datetime

    return take_in_all(workspace, OCTOBER, Clock(datetime(2022, 10, 18, 2, tzinfo=UTC), is_simulated=True))


def taken(workspace: Workspace) -> list[tuple[str | None, str]]:
    with reading(workspace.engine) as connection:
        rows = connection.execute(select(receipt.c.unit, receipt.c.name).order_by(receipt.c.id))
        return [(row.unit, row.name) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "files"),
    [
        ("báo cáo.zip", zipped({"tháng 10/báo cáo.xlsx": BOOK, "công văn.pdf": b"%PDF"}), ["báo cáo.xlsx"]),
        ("BAO CAO.ZIP", zipped({"a.xlsx": BOOK, "b.xlsx": BOOK + b"2"}), ["a.xlsx", "b.xlsx"]),
        ("trong.zip", zipped({"x.zip": zipped({"a.xlsx": BOOK})}), ["a.xlsx"]),
        ("thư.eml", letter([("a.xlsx", BOOK)]).as_bytes(), ["a.xlsx"]),
        ("trang.mht", letter([("a.xlsx", BOOK)]).as_bytes(), ["a.xlsx"]),
        ("hong.zip", b"PK\x03\x04 hong", ["hong.zip"]),
        ("nhieu.zip", NESTED, ["nhieu.zip"]),
    ],
)
def test_what_a_clerk_packed_is_opened_once(workspace: Workspace, name: str, data: bytes, files: list[str]) -> None:
    """What cannot be opened is taken itself: the reader's finding tells the unit."""
    path = lay(workspace, f"SCT/{name}", data)
    assert take(workspace) == len(files)
    assert not path.exists()
    assert taken(workspace) == [("SCT", one) for one in files]
    assert take(workspace) == 0


def test_a_packed_letter_without_a_workbook_stays(workspace: Workspace) -> None:
    paths = [
        lay(workspace, "SCT/cong-van.zip", zipped({"công văn.pdf": b"%PDF"})),
        lay(workspace, "SCT/cam-on.eml", letter().as_bytes()),
    ]
    assert take(workspace) == 0
    assert all(path.exists() for path in paths)
    assert taken(workspace) == []


@pytest.mark.slow
def test_what_nobody_opens_stays_and_is_told_once_how_to_send_it(workspace: Workspace) -> None:
    paths = [
        lay(workspace, "SCT/Báo cáo tháng 10.rar", b"Rar!\x1a\x07\x00 bao cao"),
        lay(workspace, "SCT/bieu.7z", b"7z\xbc\xaf\x27\x1c bao cao"),
        lay(workspace, "SCT/goi.zip", zipped({"trong.rar": b"Rar!\x1a\x07"})),
        lay(workspace, "SCT/tep-khong-duoi", b"Rar!\x1a\x07\x00"),
        lay(workspace, "SNV/thu.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        lay(workspace, "la.tar.gz", b"\x1f\x8b\x08"),
        lay(workspace, "SNV/cong-van.zip", zipped({"công văn.pdf": b"%PDF"})),
    ]
    assert [take(workspace), take(workspace)] == [0, 0]
    assert all(path.exists() for path in paths)
    told = {one["to"]: said(one) for one in mails(workspace)}
    assert len(mails(workspace)) == len(told) == 3
    sct, snv, coordinator = (next(text for text in told.values() if name in text) for name in (".7z", ".msg", ".gz"))
    assert "Báo cáo tháng 10.rar, bieu.7z, goi.zip và tep-khong-duoi" in sct
    for text in (sct, coordinator):
        assert (
            "Tệp nén kiểu này không mở được; xin đính kèm thẳng tệp .xlsx vào một thư mới, hoặc nén kiểu .zip" in text
        )
    assert "thu.msg" in snv
    assert "cong-van" not in snv
    assert "la.tar.gz" in coordinator
    lay(workspace, "SNV/lai.rar", b"Rar!\x1a\x07\x00 lan nua")
    assert take(workspace) == 0
    (again,) = [one for one in mails(workspace) if "lai.rar" in one["subject"]]
    assert "thu.msg" not in said(again)


def said(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def mails(workspace: Workspace) -> list[EmailMessage]:
    read = (
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in workspace.outbox_folder.glob("*.eml")
    )
    return [one for one in read if isinstance(one, EmailMessage)]


def test_a_file_too_large_is_told_to_its_unit_once_and_stays(workspace: Workspace) -> None:
    path = lay(workspace, "SCT/báo cáo.xlsx", b"PK\x03\x04")
    os.truncate(path, LARGEST_BYTES + 1)  # sparse
    lay(workspace, "SNV/phim.mp4", b"").write_bytes(b"x")
    os.truncate(workspace.settings.inbox_folder / "SNV" / "phim.mp4", LARGEST_BYTES + 1)
    assert [take(workspace) for _ in range(2)] == [0, 0]
    assert path.exists()
    (told,) = mails(workspace)
    text = " ".join(said(told).split())
    assert str(told["to"]).endswith("<vanphong.soct@ninhbinh.example>")
    assert "báo cáo.xlsx" in text
    assert "lớn hơn 100 MB" in text
