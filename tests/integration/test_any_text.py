"""Whatever a unit writes into a free field: everything ends well, and what is printed is the text."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from xml.dom import minidom
from zipfile import ZipFile

import pandas as pd
import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook
from text_factory import AWKWARD, any_text, write_texts

from baocao.clock import read_clock
from baocao.cover import printable
from baocao.domain.characters import readable
from baocao.domain.period import Period
from baocao.export import FORMATS, WHATS, export_rows
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.mail.delivery import deliver
from baocao.mail.routes import transport_of
from baocao.render.workshop import FAULTS_FILE
from baocao.reporting import prepare_report, publish_report, render_report
from baocao.site import build_site
from baocao.store import receipts
from baocao.workspace import Workspace, open_workspace
from tasks.check import check_and_file
from tasks.read import read_files

PERIODS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("BAOCAO_HOME", str(tmp_path / "home"))
    open_workspace.cache_clear()
    opened = open_workspace()
    yield opened
    opened.engine.dispose()
    open_workspace.cache_clear()


def live(workspace: Workspace, form: str, seed: int, units: tuple[str, ...]) -> list[str]:
    """Units write these texts, are collected and answered, the report goes out; gives the texts of the first unit."""
    period = Period.parse(PERIODS[form])
    schedule, texts = workspace.schedule(period), any_text(seed)
    inbox = workspace.settings.inbox_folder
    used = [write_texts(inbox / unit / "bieu.xlsx", unit, str(period), texts) for unit in units]
    _collect(workspace, period, schedule.submit_before)
    clock = read_clock(schedule.report_at, workspace.zone)
    prepared = prepare_report(workspace, period, clock, is_draft=False)
    render_report(prepared)
    assert publish_report(workspace, prepared, clock)
    transport = transport_of(workspace.settings, workspace.outbox_folder)
    deliver(workspace.engine, transport, workspace.outbox_folder, clock.now)
    build_site(workspace, clock)
    return used[0]


def _collect(workspace: Workspace, period: Period, now: datetime) -> None:
    clock = read_clock(now, workspace.zone)
    found = find_waiting(workspace.settings.inbox_folder, workspace.plan.unit_by_code, clock.now, 0.0)
    take_in_folder(workspace.engine, workspace.home, found, period, clock.now, is_simulated=True)
    reads = read_files.fn(receipts.waiting_ids(workspace.engine))
    check_and_file.fn([reads], [period], clock)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def shown(text: str) -> str:
    return squeezed(printable(readable(text)))


class _Text(HTMLParser):
    """The visible text of a page, and the elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"onerror", "onload"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def examine(workspace: Workspace, form: str) -> dict[str, str]:
    """Every written file opened by what reads such files; gives the report's text by file name, without blanks."""
    period = Period.parse(PERIODS[form])
    folder = workspace.report_folder(period, 1)
    assert not (folder / FAULTS_FILE).exists(), (folder / FAULTS_FILE).read_text(encoding="utf-8")
    for path in workspace.home.rglob("*"):
        if path.suffix in (".xlsx", ".docx") and "archive" not in path.parts:
            with ZipFile(path) as package:
                for name in package.namelist():
                    if name.endswith((".xml", ".rels")):
                        minidom.parseString(package.read(name))  # noqa: S318 - our own files
        elif path.suffix == ".eml":
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        elif path.suffix == ".html" and "static" not in path.parts:
            page = path.read_bytes().decode("utf-8")
            assert "img" not in _Text(page).tags or path.name == "thu.html", path
    for what in WHATS:
        _examine_export({kind: export_rows(workspace, period, what, kind) for kind in FORMATS})
    with pdfplumber.open(folder / "bao-cao.pdf") as pdf:
        printed = "".join(page.extract_text() or "" for page in pdf.pages)
    document = Document(str(folder / "bao-cao.docx"))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    book = load_workbook(folder / "so-lieu.xlsx", read_only=True)
    values = (str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None)
    return {"pdf": squeezed(printed), "docx": squeezed("".join(cells)), "xlsx": squeezed("\n".join(values))}


def _examine_export(files: dict[str, bytes]) -> None:
    rows = json.loads(files["json"])
    assert len(list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))) == len(rows)
    assert len(pd.read_parquet(io.BytesIO(files["parquet"]))) == len(rows)


def test_a_bullet_from_word_prints_in_the_report(workspace: Workspace) -> None:
    """The month's one quick case: every awkward text in the free fields of one unit."""
    used = live(workspace, "thang", 1, ("SCT",))
    assert set(AWKWARD) <= set(used)
    text = examine(workspace, "thang")
    for one in AWKWARD:
        if len(shown(one)) and one in used:
            assert shown(one) in text["docx"] or squeezed(readable(one)) in text["xlsx"], one
    assert "–Thiếumáyquét" in text["pdf"]
    assert "\ufffdriêng" in text["pdf"]
    assert "\ufffdriêng" in text["docx"]


@pytest.mark.slow
@pytest.mark.parametrize("form", PERIODS)
@pytest.mark.parametrize("seed", range(2, 6))
def test_any_text_in_any_free_field_of_any_form(workspace: Workspace, form: str, seed: int) -> None:
    live(workspace, form, seed, ("STTTT", "SCT", "SNV"))
    examine(workspace, form)
