"""The inbox: what is taken, what is left and why, whose it is; on a real file system."""

import logging
import os
import socket
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.stores.inboxes import UNITS, lay, new_inbox

from baocao.intake import folder
from baocao.intake.folder import Waiting, find_waiting

NFD = unicodedata.normalize("NFD", "Báo cáo tháng 10 Sở Công Thương.xlsx")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return new_inbox(tmp_path)


def found(inbox: Path, *, seconds_later: float = 0, stable: float = 0) -> list[Waiting]:
    return find_waiting(inbox, UNITS, datetime.now(UTC) + timedelta(seconds=seconds_later), stable)


def names(waiting: list[Waiting]) -> list[tuple[str | None, str]]:
    return [(one.unit, one.path.name) for one in waiting]


def test_files_are_found_in_a_fixed_order_with_their_unit(inbox: Path) -> None:
    for name in ("SNV/b.xlsx", "SCT/z.xls", "SCT/a.ods", "SCT/thang 10/c.xlsx", "STTTT/ANH.XLSX"):
        lay(inbox / name)
    expected = [
        ("SCT", "a.ods"),
        ("SCT", "c.xlsx"),
        ("SCT", "z.xls"),
        ("SNV", "b.xlsx"),
        ("STTTT", "ANH.XLSX"),
    ]
    assert names(found(inbox)) == expected
    assert names(found(inbox)) == expected


def test_a_folder_s_case_does_not_matter(inbox: Path) -> None:
    lay(inbox / "sct-khac" / "a.xlsx")
    lay(inbox / "snv" / "b.xlsx")
    assert names(found(inbox)) == [(None, "a.xlsx"), ("SNV", "b.xlsx")]


def test_files_of_nobody_are_found_too(inbox: Path) -> None:
    lay(inbox / "la.xlsx")
    lay(inbox / "STC" / "la.xlsx")
    assert names(found(inbox)) == [(None, "la.xlsx"), (None, "la.xlsx")]


def test_without_an_inbox_nothing_waits(tmp_path: Path) -> None:
    assert find_waiting(tmp_path / "none", UNITS, datetime.now(UTC)) == []
    lay(tmp_path / "file")
    assert find_waiting(tmp_path / "file", UNITS, datetime.now(UTC)) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("~$bao-cao.xlsx", b"khoa", "temporary or hidden"),
        (".bao-cao.xlsx", b"an", "temporary or hidden"),
        (".Trash-1000/files/bao-cao.xlsx", b"an", "temporary or hidden"),
        ("bao-cao.tmp", b"tam", "temporary or hidden"),
        ("BAO-CAO.TMP", b"tam", "temporary or hidden"),
        ("bao-cao.xlsx.part", b"PK\x03\x04", "temporary or hidden"),
        ("bao-cao.xlsx.filepart", b"PK\x03\x04", "temporary or hidden"),
        ("Chưa xác nhận 12.crdownload", b"PK\x03\x04", "temporary or hidden"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no workbook"),
        ("desktop.ini", b"[.ShellClassInfo]", "no workbook"),
        ("Công văn 12.pdf", b"%PDF-1.7", "no workbook"),
        ("Công văn 12.docx", b"PK\x03\x04", "no workbook"),
        ("ảnh.jpg", b"\xff\xd8\xff", "no workbook"),
        ("ghi chú", b"khong phai so tinh", "no workbook"),
        ("bao-cao.xlsx", b"", "empty file"),
    ],
)
def test_what_is_temporary_hidden_or_empty_is_left_with_a_log_line(
    inbox: Path, caplog: pytest.LogCaptureFixture, name: str, content: bytes, reason: str
) -> None:
    path = lay(inbox / "SCT" / name, content)
    with caplog.at_level(logging.INFO, "baocao.intake.folder"):
        assert found(inbox) == []
    assert [record.getMessage() for record in caplog.records] == [f"left in the inbox: {str(path)!r}: {_full(reason)}"]
    assert path.exists()


def _full(reason: str) -> str:
    return {"temporary or hidden": "temporary or hidden file"}.get(reason, reason)


def test_a_workbook_without_an_extension_is_taken_and_a_picture_with_one_is_left_to_the_rules(inbox: Path) -> None:
    lay(inbox / "SCT" / "báo cáo", b"PK\x03\x04 so lieu")
    lay(inbox / "SCT" / "ảnh.xlsx", b"\x89PNG")
    lay(inbox / "SCT" / "cũ.XLS ", b"\xd0\xcf\x11\xe0")
    assert {one.path.name for one in found(inbox)} == {"báo cáo", "ảnh.xlsx", "cũ.XLS "}


@pytest.mark.slow
def test_twenty_thousand_files_are_looked_through_at_once(inbox: Path) -> None:
    for number in range(20_000):
        (inbox / "SCT" / f"{number}.db").write_bytes(b"x")
    lay(inbox / "SCT" / "a.xlsx")
    started = time.process_time()
    assert names(found(inbox)) == [("SCT", "a.xlsx")]
    assert time.process_time() - started < 10


def test_a_file_that_no_memory_would_hold_is_left(inbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = lay(inbox / "SCT" / "phim.xlsx")
    os.truncate(path, folder.LARGEST_BYTES + 1)  # sparse
    with caplog.at_level(logging.INFO, "baocao.intake.folder"):
        assert found(inbox) == []
    assert "too large" in caplog.text


def test_a_half_written_file_is_left_until_it_is_stable(inbox: Path) -> None:
    path = lay(inbox / "SCT" / "a.xlsx", b"nua")
    assert found(inbox, stable=5) == []
    assert found(inbox, seconds_later=4.5, stable=5) == []
    assert names(found(inbox, seconds_later=5.5, stable=5)) == [("SCT", "a.xlsx")]
    time.sleep(0.05)
    before = found(inbox)[0].arrived_at
    with path.open("ab") as file:
        file.write(b" con lai")
    assert found(inbox)[0].arrived_at > before  # every further byte starts the wait anew
    assert names(found(inbox)) == [("SCT", "a.xlsx")]  # on a simulated clock nothing is waited for


@pytest.mark.parametrize("days", [-400, 400])
def test_a_file_dated_by_a_wrong_clock_is_stable_all_the_same(inbox: Path, days: int) -> None:
    path = lay(inbox / "SCT" / "a.xlsx")
    moment = time.time() + days * 86400
    os.utime(path, (moment, moment))
    assert found(inbox, stable=5) == []
    (one,) = found(inbox, seconds_later=6, stable=5)
    assert abs(one.arrived_at - datetime.now(UTC)) < timedelta(minutes=1)  # not what its owner's clock says


def test_a_clock_that_jumped_back_holds_nothing_up(inbox: Path) -> None:
    lay(inbox / "SCT" / "a.xlsx")
    assert found(inbox, seconds_later=-60, stable=5) == []  # laid after the run began
    assert names(found(inbox, seconds_later=-86400, stable=5)) == [("SCT", "a.xlsx")]


def test_links_pipes_and_sockets_are_refused(inbox: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = lay(tmp_path / "bi-mat.xlsx")
    (inbox / "SCT" / "lien-ket.xlsx").symlink_to(secret)
    (inbox / "SCT" / "gay.xlsx").symlink_to(tmp_path / "khong-co")
    (inbox / "SCT" / "thu-muc").symlink_to(tmp_path)
    (inbox / "lien-ket").symlink_to(tmp_path)
    os.mkfifo(inbox / "SNV" / "ong.xlsx")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(inbox / "SNV" / "o.xlsx"))
        with caplog.at_level(logging.INFO, "baocao.intake.folder"):
            assert found(inbox) == []
    assert caplog.text.count("no plain file") == 6


def test_a_link_put_in_a_file_s_place_is_not_followed(inbox: Path, tmp_path: Path) -> None:
    path = lay(inbox / "SCT" / "a.xlsx")
    (one,) = found(inbox)
    path.unlink()
    path.symlink_to(lay(tmp_path / "bi-mat.xlsx"))
    assert not one.is_unchanged()
    with pytest.raises(OSError, match="symbolic link"):
        one.read()


def test_a_pipe_put_in_a_file_s_place_does_not_block(inbox: Path) -> None:
    path = lay(inbox / "SCT" / "a.xlsx")
    (one,) = found(inbox)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="no plain file"):
        one.read()


@pytest.mark.parametrize(
    "name",
    [
        "a..xlsx",
        "C:\\..\\bao-cao.xlsx",
        "x" * 250 + ".xlsx",
        "hai\ndòng.xlsx",
        "=HYPERLINK(1).xlsx",
        "a;rm -rf b.xlsx",
        "\u202exslx.xls",
        NFD,
    ],
)
def test_odd_names_are_only_names(inbox: Path, name: str) -> None:
    lay(inbox / "SCT" / name)
    (one,) = found(inbox)
    assert one.unit == "SCT"
    assert one.path.parent == inbox / "SCT"
    assert len(one.ref) < 600


def test_a_name_that_is_no_utf8_can_be_stored(inbox: Path) -> None:
    path = os.fsencode(inbox / "SCT") + b"/b\xe1o c\xe1o.xlsx"  # as an old machine writes it
    with open(path, "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(b"so lieu")
    (one,) = found(inbox)
    assert "b�o c�o.xlsx" in one.ref
    assert one.ref.encode()
    assert one.read() == b"so lieu"


def test_a_name_is_known_again_in_either_normal_form(inbox: Path) -> None:
    path = lay(inbox / "SCT" / NFD)
    (before,) = found(inbox)
    path.rename(path.with_name(unicodedata.normalize("NFC", NFD)))
    (after,) = found(inbox)
    assert before.ref == after.ref
    assert folder.readable(NFD) == "Báo cáo tháng 10 Sở Công Thương.xlsx"


def test_new_content_under_an_old_name_is_another_file(inbox: Path) -> None:
    path = lay(inbox / "SCT" / "a.xlsx", b"mot")
    (first,) = found(inbox)
    assert first.is_unchanged()
    time.sleep(0.02)
    lay(path, b"hai")
    (second,) = found(inbox)
    assert first.ref != second.ref
    assert not first.is_unchanged()
    path.unlink()
    assert not second.is_unchanged()


def test_a_file_that_vanishes_while_the_inbox_is_looked_through_is_passed_over(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(inbox / "SCT" / "a.xlsx")
    gone = lay(inbox / "SCT" / "b.xlsx")
    listed = folder._candidates

    def list_then_delete(*arguments: object) -> object:
        entries = list(listed(*arguments))  # type: ignore[arg-type]
        gone.unlink()
        return iter(entries)

    monkeypatch.setattr(folder, "_candidates", list_then_delete)
    assert names(found(inbox)) == [("SCT", "a.xlsx")]
