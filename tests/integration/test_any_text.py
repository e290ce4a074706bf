"""Whatever a unit writes into a free field: everything ends well, and what is printed is the text."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from xml.dom import minidom
from zipfile import ZipFile

import pandas as pd
import pypdfium2
import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from support import ROOT
from support.mail.letters import outgoing
from support.reports.monthly import sample_report
from support.reports.papers import Ending, assigned, assignment_report, final_assessment
from support.workbooks import samples
from support.workbooks.texts import AWKWARD, any_text, write_texts

from baocao.domain.characters import readable
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Checked
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.report import Report
from baocao.excel.writing import put
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.mail.letters.compose import compose
from baocao.mail.sending.delivery import deliver_all
from baocao.operations.export import FORMATS, WHATS, export_rows
from baocao.plan.loading import load_plan
from baocao.plan.rollout import read_sources, rollout_draft
from baocao.render import render_all, render_docx, render_mail, render_pdf
from baocao.render.papers import paper_of
from baocao.render.workshop import FAULTS_FILE
from baocao.render.xlsx.monthly import monthly_book
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.site import build_site
from baocao.store import receipts
from baocao.system.clock import read_clock
from baocao.system.cover import printable
from baocao.system.files import write_folder
from baocao.workbook import rules
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.workspace import Workspace, open_workspace
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
    deliver_all(workspace, clock)
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
    well_formed(workspace.home)
    for what in WHATS:
        _examine_export({kind: export_rows(workspace, period, what, kind) for kind in FORMATS})
    return text_of(folder / "bao-cao.docx", folder / "bao-cao.pdf", folder / "so-lieu.xlsx")


def well_formed(home: Path) -> None:
    """Every file below opened by what reads such files; nothing in a page has become an element of its own."""
    for path in home.rglob("*"):
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


def text_of(docx: Path, pdf: Path, xlsx: Path) -> dict[str, str]:
    """The texts of a report's three documents without blanks."""
    with pypdfium2.PdfDocument(pdf) as document:
        printed = "".join(page.get_textpage().get_text_range() for page in document)
    cells = (cell.text for table in Document(str(docx)).tables for row in table.rows for cell in row.cells)
    with xlsx.open("rb") as content:
        book = load_workbook(content)
    values = (str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None)
    return {"pdf": squeezed(printed), "docx": squeezed("".join(cells)), "xlsx": squeezed("\n".join(values))}


def _examine_export(files: dict[str, bytes]) -> None:
    rows = json.loads(files["json"])
    assert len(list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))) == len(rows)
    assert len(pd.read_parquet(io.BytesIO(files["parquet"]))) == len(rows)


def told(texts: Sequence[str]) -> Report:
    """A report in which the first unit says these texts, as they were read, in each field of a difficulty."""
    report = sample_report()
    one = report.difficulties[0]
    said = (dict.fromkeys(("difficulty", "cause", "proposal", "settled_by"), readable(text)) for text in texts)
    return report.model_copy(update={"difficulties": tuple(one.model_copy(update=fields) for fields in said)})


def words(text: str) -> list[str]:
    """The short words that stand in one line of any column."""
    return re.findall(r"[0-9A-Za-zÀ-ỹ]{2,9}", printable(readable(text)))


def test_every_awkward_text_is_printed_as_it_is(tmp_path: Path) -> None:
    report = told(AWKWARD)
    files = {
        "docx": render_docx(paper_of(report), {}),
        "pdf": render_pdf(paper_of(report), {}),
        "xlsx": monthly_book(report).save(),
        "html": render_mail(paper_of(report), {}).html.encode("utf-8"),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    text = text_of(tmp_path / "docx", tmp_path / "pdf", tmp_path / "xlsx")
    for one in AWKWARD:
        assert shown(one) in text["docx"], one
        assert squeezed(readable(one)) in text["xlsx"], one
        assert not [word for word in words(one) if word not in text["pdf"]], one
    for sign in "–≥☐☑→✓中ไΕР👍\ufffd":
        assert sign in text["pdf"]
    assert "img" not in _Text(files["html"].decode("utf-8")).tags


def assigned_with(texts: Iterator[str]) -> AssignmentReport:
    """An assignment report with these texts in every free field."""
    fields = ("lead", "coordinating", "product", "note")
    rows = [{**row, **{name: readable(next(texts)) for name in fields}} for row in assigned("SCT")]
    said = ({name: readable(next(texts)) for name in ("purpose", "source", "note")} for _ in range(20))
    budget = [{"unit": "SCT", "task": "III.1.3", "amount_mil_vnd": 1.5, **row} for row in said]
    return assignment_report(rows, budget)


def ended_with(texts: Iterator[str]) -> FinalAssessment:
    """A final assessment with these texts in every free field."""
    plan = samples.plan()
    counts = {figure.code: (40.0, 100.0) for figure in plan.figures}
    fields = ("cause", "lesson", "adjustment")
    claims = {
        one.code: {"result": "Chưa đạt", "proposal": "Điều chỉnh", **{name: readable(next(texts)) for name in fields}}
        for one in plan.indicators
    }
    asked = ("difficulty", "cause", "proposal", "settled_by")
    difficulties = [{**{name: readable(next(texts)) for name in asked}, "is_beyond_authority": True} for _ in range(9)]
    return final_assessment({"SCT": Ending(counts, claims, (), difficulties)})


@pytest.mark.slow
@pytest.mark.parametrize("make", [assigned_with, ended_with])
@pytest.mark.parametrize("seed", range(30, 34))
def test_papers_of_any_text(tmp_path: Path, make: Callable[[Iterator[str]], Document], seed: int) -> None:
    report = make(any_text(seed))
    paths = render_all(paper_of(report), tmp_path / "v1")
    assert FAULTS_FILE not in paths, paths[FAULTS_FILE].read_text(encoding="utf-8")
    well_formed(tmp_path)
    assert render_mail(paper_of(report), {}).text
    if isinstance(report, FinalAssessment):
        texts = rollout_draft(read_sources(ROOT / "plans" / "ninh-binh-2022"), report)
        write_folder(tmp_path / "plan", {name: text.encode() for name, text in texts.items()}, "kế hoạch")
        assert load_plan(tmp_path / "plan").units


@pytest.mark.parametrize("form", PERIODS)
@pytest.mark.parametrize("seed", range(20, 23))
def test_what_is_read_is_the_text_and_a_marked_copy_can_be_made(tmp_path: Path, form: str, seed: int) -> None:
    path = tmp_path / "archive" / "bieu.xlsx"
    used = write_texts(path, "SCT", PERIODS[form], any_text(seed))
    content = read_workbook(path, samples.plan())
    assert {one.rule for one in content.findings} <= {"character_unprintable"}
    rows = (row.values for table in content.tables.values() for row in table.rows)
    read = {str(value) for values in (*rows, content.info) for value in values.values()}
    assert [text for text in used if readable(text).strip() not in (*read, "")] == []
    fault = rules.NOT_A_NUMBER.at(sheet=next(iter(content.tables.values())).sheet, cell="D8", value="x", expected="số")
    copy = mark(Marking(path, Checked(content, (*content.findings, fault))), samples.plan())
    (tmp_path / "returned.xlsx").write_bytes(copy)
    well_formed(tmp_path)


def test_characters_that_xml_forbids_get_into_no_file(tmp_path: Path) -> None:
    """Facts stored by an older version may hold them: each writer leaves them out by itself."""
    forbidden = "a\x00b\x01c\ufffed\uffffe\x02f\x1bg"
    report = sample_report()
    one = report.difficulties[0].model_copy(update=dict.fromkeys(("difficulty", "cause", "proposal"), forbidden))
    report = report.model_copy(update={"difficulties": (one,)})
    docx, pdf, xlsx = (tmp_path / name for name in ("a.docx", "a.pdf", "a.xlsx"))
    docx.write_bytes(render_docx(paper_of(report), {}))
    pdf.write_bytes(render_pdf(paper_of(report), {}))
    xlsx.write_bytes(monthly_book(report).save())
    well_formed(tmp_path)
    text = text_of(docx, pdf, xlsx)
    assert all("abcdefg" in found for found in text.values())
    body = render_mail(paper_of(report), {})
    message = compose(outgoing(text=body.text, html=f"{body.html}\ud800"), report.made_at)
    parsed = message_from_bytes(message, policy=policy.default)
    assert "abcdefg" in parsed.get_body(("plain",)).get_content()
    book = Workbook()
    put(book.worksheets[0].cell(1, 1), f"{forbidden}\ud800")
    book.save(tmp_path / "put.xlsx")
    assert load_workbook(tmp_path / "put.xlsx").worksheets[0].cell(1, 1).value == "abcdefg"


@pytest.mark.slow
def test_a_month_of_awkward_texts(workspace: Workspace) -> None:
    """Read from a workbook, judged, answered, consolidated, mailed, shown on the site, exported."""
    used = live(workspace, "thang", 1, ("SCT",))
    assert set(AWKWARD) <= set(used)
    text = examine(workspace, "thang")
    for one in AWKWARD:
        assert shown(one) in text["docx"] or squeezed(readable(one)) in text["xlsx"], one
    assert "\ufffdriêng" in text["docx"]
    findings = json.loads(export_rows(workspace, Period(2022, 10), "findings", "json"))
    warned = [one for one in findings if one["rule"] == "character_unprintable"]
    assert {"(U+E000)" in one["value"] and one["cell"] and one["severity"] == "warning" for one in warned} >= {True}


@pytest.mark.slow
def test_a_returned_copy_of_awkward_texts(workspace: Workspace) -> None:
    """A workbook with one wrong figure goes back with all its texts."""
    path = workspace.settings.inbox_folder / "SCT" / "bieu.xlsx"
    used = write_texts(path, "SCT", "2022-10", any_text(9))
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data.replace(b"<v>46", b"<v>0.46").replace(b"<v>2", b"<v>0.2"))
    _collect(workspace, Period(2022, 10), workspace.schedule(Period(2022, 10)).submit_before)
    returned = workspace.returned_path(Period(2022, 10), "SCT", 1)
    well_formed(returned.parent)
    values = (str(v) for sheet in load_workbook(returned) for row in sheet.iter_rows(values_only=True) for v in row)
    text = squeezed("\n".join(values))
    assert [one for one in used if "<script>" in one and squeezed(one) in text]


@pytest.mark.slow
@pytest.mark.parametrize("form", PERIODS)
@pytest.mark.parametrize("seed", range(2, 6))
def test_any_text_in_any_free_field_of_any_form(workspace: Workspace, form: str, seed: int) -> None:
    live(workspace, form, seed, ("STTTT", "SCT", "SNV"))
    examine(workspace, form)
