"""A report on disk: in full or not at all, whatever happens."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support.reports.monthly import sample_report
from support.stores.disks import small
from support.stores.houses import clock_at, house

from baocao.domain.planned.period import Period
from baocao.oversight.alerts import queue_render_faults
from baocao.render.files import render_all
from baocao.render.papers import paper_of
from baocao.render.workshop import FAULTS_FILE, Workshop, faults_in
from baocao.reporting.preparation import prepare_report
from baocao.reporting.report_mail import report_message
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import OutsideServiceError

OCTOBER = Period(2022, 10)
NAMES = {
    "bao-cao.docx",
    "bao-cao.pdf",
    "so-lieu.xlsx",
    "thu.html",
    "bieu-do/chi-tieu.png",
    "bieu-do/dien-bien.png",
    "bieu-do/don-vi.png",
    "bieu-do/thoi-han.png",
}
CHILD = """
import sys; sys.path[:0] = {paths!r}
from pathlib import Path
from support.reports.monthly import sample_report
from baocao.render.files import render_all
report = sample_report()
print("ready", flush=True)
while True:
    render_all(paper_of(report), Path({folder!r}))
    print("done", flush=True)
"""


def written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_writes_every_file_and_replaces_it(tmp_path: Path) -> None:
    folder = tmp_path / "2022-10" / "v1"
    paths = render_all(paper_of(sample_report()), folder)
    assert set(paths) == NAMES
    assert written(folder) == NAMES
    first = paths["thu.html"].read_text(encoding="utf-8")
    (folder / "thu.html").write_text("hỏng", encoding="utf-8")
    (folder / "cu.txt").write_text("tệp cũ", encoding="utf-8")
    render_all(paper_of(sample_report()), folder)
    assert written(folder) == NAMES
    assert paths["thu.html"].read_text(encoding="utf-8") == first
    assert [path.name for path in folder.parent.iterdir()] == ["v1"], "không để lại thư mục tạm"


def test_a_month_without_figures(tmp_path: Path) -> None:
    report = sample_report(missing=["STTTT", "SCT", "SNV"]).model_copy(update={"trend": ()})
    assert set(render_all(paper_of(report), tmp_path / "v1")) == NAMES - {
        "bieu-do/chi-tieu.png",
        "bieu-do/dien-bien.png",
        "bieu-do/don-vi.png",
    }


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_behind_and_the_old_report_whole(tmp_path: Path) -> None:
    with small(tmp_path / "dia-nho", 60_000) as disk:
        folder = disk.place / "v1"
        folder.mkdir()
        (folder / "thu.html").write_text("bản cũ", encoding="utf-8")
        with pytest.raises(OutsideServiceError, match=f"Không ghi được .*{disk.reason}"):
            render_all(paper_of(sample_report()), folder)
        assert written(disk.place) == {"v1/thu.html"}
        assert (folder / "thu.html").read_text(encoding="utf-8") == "bản cũ"


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "bao-cao").write_text("một tệp ở chỗ của thư mục", encoding="utf-8")
    with pytest.raises(OutsideServiceError, match="Không ghi được"):
        render_all(paper_of(sample_report()), tmp_path / "bao-cao" / "v1")


def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a report whose PDF cannot be made: its layout is broken."""
    layout = tmp_path / "hong.typ"
    layout.write_text("#panic()", encoding="utf-8")
    monkeypatch.setattr("baocao.render.pdf.TEMPLATE", layout)
    folder = tmp_path / "v1"
    assert set(render_all(paper_of(sample_report()), folder)) == NAMES - {"bao-cao.pdf"} | {FAULTS_FILE}
    return folder


@pytest.mark.slow
def test_a_file_that_cannot_be_made_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = spoilt(tmp_path, monkeypatch)
    (fault,) = faults_in(folder)
    assert fault.startswith("bao-cao.pdf: TypstError")
    workspace = house(tmp_path / "home", "")
    message = report_message(workspace, paper_of(sample_report()), folder)
    assert [name for name, _, _ in message.attachments] == ["bao-cao-2022-10.docx", "so-lieu-2022-10.xlsx"]
    assert "Chưa dựng được bao-cao.pdf" in message.text
    assert "Chưa dựng được bao-cao.pdf" in (message.html or "")
    clock = clock_at(workspace, "2022-10-24T08:30")
    alerted = replace(prepare_report(workspace, OCTOBER, clock, is_draft=False), folder=folder)
    assert [queue_render_faults(workspace, alerted, clock) for _ in range(2)] == [True, False]
    with reading(workspace.engine) as connection:
        (mail,) = list_messages(connection)
    assert (mail.kind, "thiếu 1 tệp" in mail.subject) == ("alert", True)


def test_a_report_of_which_nothing_can_be_made_is_a_bug() -> None:
    shop = Workshop()
    shop.add("bao-cao.pdf", lambda: bytes(1 // 0))
    with pytest.raises(ZeroDivisionError):
        shop.finished()


@pytest.mark.slow
def test_a_kill_leaves_no_half_report(tmp_path: Path) -> None:
    folder = tmp_path / "v1"
    code = CHILD.format(paths=[str(TESTS), str(ROOT)], folder=str(folder))
    for delay in (0.4, 1.1, 2.6):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(delay)
        child.kill()
        child.wait()
        child.stdout.close()
        assert not folder.exists() or written(folder) == NAMES


@pytest.mark.slow
def test_leftovers_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    import os

    left = tmp_path / ".v1.killed"
    left.mkdir()
    fresh = tmp_path / ".v1.running"
    fresh.mkdir()
    hour_ago = time.time() - 4000
    os.utime(left, (hour_ago, hour_ago))
    render_all(paper_of(sample_report()), tmp_path / "v1")
    assert not left.exists()
    assert fresh.exists(), "một lần chạy khác có thể đang ghi"
