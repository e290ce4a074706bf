"""Writing whole or not at all, on a disk that is really full; the archive; names that are safe on any disk."""

import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT
from support.stores.disks import Disk, small

from baocao.store import archive
from baocao.system.errors import OutsideServiceError
from baocao.system.files import safe_name, write_atomically

MOMENT = datetime(2022, 10, 18, 9, 30, tzinfo=UTC)
LIMITED = """
import resource, signal, sys
from pathlib import Path
from baocao.system.errors import OutsideServiceError
from baocao.system.files import write_atomically
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 100_000)
except OutsideServiceError as error:
    sys.exit(str(error))
"""


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    with small(tmp_path / "dia-nho", 64 << 10) as disk:
        yield disk


def test_a_full_disk_leaves_no_half_file_and_the_old_one_whole(small_disk: Disk) -> None:
    target = small_disk.place / "bao-cao.docx"
    write_atomically(target, b"ban cu")
    with pytest.raises(OutsideServiceError, match=rf"Không ghi được .*bao-cao.docx: {small_disk.reason}\. Hãy"):
        write_atomically(target, b"x" * 100_000)
    assert (target.read_bytes(), files(small_disk.place)) == (b"ban cu", ["bao-cao.docx"])
    write_atomically(target, b"ban moi")
    assert target.read_bytes() == b"ban moi"


def test_a_disk_that_is_full_keeps_nothing_half_in_the_archive(small_disk: Disk) -> None:
    data = b"x" * 100_000
    with pytest.raises(OutsideServiceError, match=small_disk.reason):
        archive.keep(small_disk.place, data, archive.digest(data), "a.xlsx")
    assert files(small_disk.place) == []


def test_a_limit_on_file_sizes_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "a.xlsx")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Không ghi được" in done.stderr
    assert files(tmp_path) == []


def test_what_stands_in_the_way_is_told_as_an_outside_failure(tmp_path: Path) -> None:
    (tmp_path / "khong-phai-thu-muc").write_text("tep")
    with pytest.raises(OutsideServiceError, match="đã có tệp cùng tên"):
        write_atomically(tmp_path / "khong-phai-thu-muc" / "a.xlsx", b"x")
    (tmp_path / "thu-muc").mkdir()
    with pytest.raises(OutsideServiceError, match="đó là thư mục"):
        write_atomically(tmp_path / "thu-muc", b"x")
    assert files(tmp_path) == ["khong-phai-thu-muc"]


@pytest.mark.parametrize("durable", [True, False])
def test_a_written_file_is_for_its_owner_and_group_only(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "moi" / "a.xlsx"
    write_atomically(path, b"x", durable=durable)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_bytes() == b"x"


def test_the_archive_never_overwrites(tmp_path: Path) -> None:
    sha = archive.digest(b"mot")
    path = archive.keep(tmp_path, b"mot", sha, "Báo cáo.XLSX")
    assert path == tmp_path / "archive" / sha[:2] / f"{sha}.xlsx"
    before = path.stat()
    assert archive.keep(tmp_path, b"mot", sha, "khac.xlsx") == path
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    other = archive.keep(tmp_path, b"hai", archive.digest(b"hai"), "Báo cáo.XLSX")
    assert (path.read_bytes(), other.read_bytes()) == (b"mot", b"hai")


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.xlsx", ".xlsx"),
        ("a.tar.gz", ".gz"),
        ("a", ""),
        ("a.x\ny", ""),
        ("a.bao-cao", ""),
        ("a.đ", ""),
        (".xlsx", ""),
    ],
)
def test_only_plain_endings_are_kept_in_the_archive(name: str, suffix: str) -> None:
    assert archive.archive_path(Path("h"), "0" * 64, name).name == "0" * 64 + suffix


def test_the_quarantine_keeps_the_file_with_a_note_once(tmp_path: Path) -> None:
    for _ in range(2):
        path = archive.quarantine(tmp_path, b"la", "../../Báo cáo?.xlsx", MOMENT, "Sai đơn vị.")
    assert path.name == f"20221018T093000-{archive.digest(b'la')[:8]}-Báo_cáo_.xlsx"
    assert files(tmp_path / "quarantine") == [path.name, f"{path.name}.ghi-chu.txt"]
    note = path.with_name(f"{path.name}.ghi-chu.txt").read_text(encoding="utf-8")
    assert note == "../../Báo cáo?.xlsx\nSai đơn vị.\n"
    assert path.read_bytes() == b"la"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Báo cáo tháng 10.xlsx", "Báo_cáo_tháng_10.xlsx"),
        (unicodedata.normalize("NFD", "Sở Nội vụ.ods"), "Sở_Nội_vụ.ods"),
        ("../../etc/passwd", "etc_passwd"),
        ("..", "tep"),
        (".an.xlsx", "an.xlsx"),
        ("a\r\nb.xlsx", "a_b.xlsx"),
        ("=cmd|' /C calc'!A1.xlsx", "cmd_C_calc_A1.xlsx"),
        ("", "tep"),
        ("x" * 300 + ".xlsx", "x" * 145 + ".xlsx"),
        ("ế" * 300 + ".xlsx", "ế" * 48 + ".xlsx"),
        ("a" * 99 + "." + "b" * 149, "b" * 149),
    ],
)
def test_safe_names(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@pytest.mark.slow
@given(st.text(max_size=300))
def test_any_name_becomes_one_that_is_no_path_and_not_hidden(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 150
    assert not safe.startswith(".")
    assert not set(safe) & set("/\\:*?\"<>|\0\r\n\t '")
    assert unicodedata.is_normalized("NFC", safe)
