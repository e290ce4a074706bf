"""Whatever a unit writes into a free field: everything ends well, and what is printed is the text."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from itertools import chain
from pathlib import Path
from typing import Any
from xml.dom import minidom
from zipfile import ZipFile

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from support import ROOT
from support.mail.letters import outgoing
from support.reports.monthly import sample_report
from support.reports.papers import Ending, assigned, assignment_report, final_assessment
from support.reports.printed import (
    Page,
    document_lacks,
    lacks,
    mails,
    of_docx,
    of_pdf,
    of_xlsx,
    pdf_lacks,
    prose_lacks,
    squeezed,
)
from support.workbooks import samples
from support.workbooks.texts import AWKWARD, Used, any_text, write_texts

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
from baocao.narrative.phrases import bare
from baocao.operations.export import FORMATS, export_rows
from baocao.plan.loading import load_plan
from baocao.plan.rollout import read_sources, rollout_draft
from baocao.render.files import render_all
from baocao.render.mail import render_mail
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx
from baocao.render.workshop import FAULTS_FILE
from baocao.render.xlsx.monthly import monthly_book
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.site import build_site
from baocao.store import receipts
from baocao.system.clock import read_clock
from baocao.system.files import write_folder
from baocao.workbook import rules
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import read_workbook
from baocao.workspace.workspace import Workspace, open_workspace
from tasks.check import check_and_file
from tasks.read import read_files

ASKED = ("difficulty", "cause", "proposal", "settled_by")
SHOWN = ("lead", "product", "note")
PERIODS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("BAOCAO_HOME", str(tmp_path / "home"))
    open_workspace.cache_clear()
    opened = open_workspace()
    yield opened
    opened.engine.dispose()
    open_workspace.cache_clear()


def live(workspace: Workspace, form: str, seed: int) -> dict[str, Used]:
    """Three units write any texts, are collected and answered, the report goes out; gives their texts.

    None is wholly unreadable, or a needed one would lack. The last unit's difficulties are beyond its authority.
    """
    period = Period.parse(PERIODS[form])
    schedule, texts = workspace.schedule(period), filter(is_readable, any_text(seed))
    inbox = workspace.settings.inbox_folder
    used = {
        unit: write_texts(inbox / unit / "bieu.xlsx", unit, str(period), texts, asks_above=unit == "SNV")
        for unit in ("STTTT", "SCT", "SNV")
    }
    collect(workspace, period, schedule.submit_before)
    clock = read_clock(schedule.report_at, workspace.zone)
    prepared = prepare_report(workspace, period, clock, is_draft=False)
    render_report(workspace, prepared)
    assert publish_report(workspace, prepared, clock)
    deliver_all(workspace, clock)
    build_site(workspace, clock)
    return used


def is_readable(text: str) -> bool:
    return bool(readable(text).strip())


def collect(workspace: Workspace, period: Period, now: datetime) -> None:
    clock = read_clock(now, workspace.zone)
    found = find_waiting(workspace.settings.inbox_folder, workspace.plan.unit_by_code, clock.now, 0.0)
    take_in_folder(workspace.engine, workspace.home, found, period, clock.now, is_simulated=True)
    reads = read_files.fn(receipts.waiting_ids(workspace.engine))
    check_and_file.fn([reads], [period], clock)


def well_formed(home: Path) -> None:
    """Every file below opened by what reads such files; nothing in a page has become an element of its own."""
    for path in home.rglob("*"):
        if path.suffix in (".xlsx", ".docx") and "archive" not in path.parts:
            with ZipFile(path) as package:
                for name in package.namelist():
                    if name.endswith((".xml", ".rels")):
                        minidom.parseString(package.read(name))  # noqa: S318 - our own files
        elif path.suffix == ".html" and "static" not in path.parts:
            page = path.read_bytes().decode("utf-8")
            assert "img" not in Page(page).tags or path.name == "thu.html", path


def documents_lack(folder: Path, printed: Sequence[str], counted: Sequence[str]) -> dict[str, list[str]]:
    """What the documents of a report lack of what is printed, its workbooks of what they hold."""
    assert not (folder / FAULTS_FILE).exists(), (folder / FAULTS_FILE).read_text(encoding="utf-8")
    return {
        "docx": document_lacks(of_docx(folder / "bao-cao.docx"), printed),
        "pdf": pdf_lacks(of_pdf(folder / "bao-cao.pdf"), printed),
        "xlsx": lacks(of_xlsx(folder / "so-lieu.xlsx"), counted),
    }


def exported(workspace: Workspace, period: Period, what: str) -> list[dict[str, Any]]:
    """The rows of an export, the same in each of its formats."""
    files = {kind: export_rows(workspace, period, what, kind) for kind in FORMATS}
    rows: list[dict[str, Any]] = json.loads(files["json"])
    table = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    frame = pd.read_parquet(io.BytesIO(files["parquet"]))
    texts = [{name: value for name, value in row.items() if isinstance(value, str)} for row in rows]
    assert [{name: one[name].removeprefix("'") for name in row} for row, one in zip(texts, table, strict=True)] == texts
    assert [{name: frame[name].iloc[n] for name in row} for n, row in enumerate(texts)] == texts
    return rows


def complete(used: Used) -> list[str]:
    """The texts of the difficulties that can be decided on, which alone are printed, in rows of four."""
    rows = list(zip(*(used.of(f"difficulties.{name}") for name in ASKED), strict=True))
    return [text for row in rows if all(bare(readable(row[n])) for n in (0, 2, 3)) for text in row]


def told(texts: Sequence[str]) -> Report:
    """A report in which the first unit says these texts, as they were read, in each field of a difficulty."""
    report = sample_report()
    one = report.difficulties[0]
    said = (dict.fromkeys(ASKED, readable(text)) for text in texts)
    return report.model_copy(update={"difficulties": tuple(one.model_copy(update=fields) for fields in said)})


@pytest.mark.slow
def test_every_awkward_text_is_printed_as_it_is(tmp_path: Path) -> None:
    report = told(AWKWARD)
    mail = render_mail(paper_of(report), {})
    (tmp_path / "bao-cao.docx").write_bytes(render_docx(paper_of(report), {}))
    (tmp_path / "bao-cao.pdf").write_bytes(render_pdf(paper_of(report), {}))
    (tmp_path / "so-lieu.xlsx").write_bytes(monthly_book(report).save())
    assert not any(documents_lack(tmp_path, AWKWARD, AWKWARD).values())
    text = of_pdf(tmp_path / "bao-cao.pdf")
    for sign in "–≥☐☑→✓中ไΕР👍\ufffd":
        assert sign in text
    assert "img" not in Page(mail.html).tags


def assigned_with(texts: Iterator[str]) -> AssignmentReport:
    """An assignment report with these texts in every free field."""
    fields = ("lead", "coordinating", "product", "note")
    plans = (row for unit in ("SCT", "SNV") for row in assigned(unit))
    rows = [{**row, **{name: readable(next(texts)) for name in fields}} for row in plans]
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
    difficulties = [{**{name: readable(next(texts)) for name in ASKED}, "is_beyond_authority": True} for _ in range(9)]
    return final_assessment({"SCT": Ending(counts, claims, (), difficulties)})


@pytest.mark.slow
@pytest.mark.parametrize("make", [assigned_with, ended_with])
def test_papers_of_any_text(
    tmp_path: Path, make: Callable[[Iterator[str]], AssignmentReport | FinalAssessment]
) -> None:
    report = make(any_text(30))
    paper, folder = paper_of(report), tmp_path / "v1"
    render_all(paper, folder)
    well_formed(tmp_path)
    mail = render_mail(paper, {})
    told = {"text": squeezed(mail.text), "html": Page(mail.html).text}
    if isinstance(report, AssignmentReport):
        texts = [
            getattr(one, name) for one in report.assignments for name in ("lead", "coordinating", "product", "note")
        ]
        texts += [getattr(one, name) for one in report.budget for name in ("purpose", "source", "note")]
        assert not any(documents_lack(folder, texts, texts).values())
        sources = [row.heading for row in report.budget_by_source[:8]]
        assert not any(prose_lacks(text, sources) for text in told.values())
        assert not lacks(of_xlsx(folder / "du-toan.xlsx"), [one.purpose for one in report.budget])
    else:
        claims = [getattr(one, name) for one in report.unit_assessments for name in ("cause", "lesson", "adjustment")]
        whole = [one for one in report.difficulties if all(map(bare, (one.difficulty, one.proposal, one.settled_by)))]
        asked = [getattr(one, name) for one in whole for name in ASKED]
        assert not any(documents_lack(folder, [*claims, *asked], [*claims, *asked]).values())
        first = [getattr(one, name) for one in whole[:4] for name in ("difficulty", "proposal", "settled_by")]
        assert not any(prose_lacks(text, first) for text in told.values())
        named = report.unit_assessments[:7]  # the body's room; the others stand in the annexes
        causes = [one.cause for one in named]
        assert not prose_lacks(told["text"], [*causes, *(one.adjustment for one in named)])
        assert not prose_lacks(told["html"], causes)
        drafts = rollout_draft(read_sources(ROOT / "plans" / "ninh-binh-2022"), report)
        write_folder(tmp_path / "plan", {name: text.encode() for name, text in drafts.items()}, "kế hoạch")
        assert load_plan(tmp_path / "plan").units


@pytest.mark.slow
@pytest.mark.parametrize("form", PERIODS)
@pytest.mark.parametrize("is_legal", [True, False], ids=["carried", "written anew"])
def test_what_is_read_is_the_text_and_what_a_marked_copy_holds(tmp_path: Path, form: str, *, is_legal: bool) -> None:
    """A copy of the workbook itself where XML allows its texts, of the form filled anew where it does not."""
    path = tmp_path / "archive" / "bieu.xlsx"
    texts = (text for text in any_text(20) if not is_legal or not re.search("[\ufffe\uffff]", text))
    used = write_texts(path, "SCT", PERIODS[form], texts)
    content = read_workbook(path, samples.plan())
    assert {one.rule for one in content.findings} <= {"character_unprintable"}
    rows = (row.values for table in content.tables.values() for row in table.rows)
    read = {str(value) for values in (*rows, content.info) for value in values.values()}
    assert [text for _, text in used if readable(text).strip() not in (*read, "")] == []
    fault = rules.NOT_A_NUMBER.at(sheet=next(iter(content.tables.values())).sheet, cell="A1", value="x", expected="số")
    copy = mark(Marking(path, Checked(content, (*content.findings, fault))), samples.plan())
    (tmp_path / "returned.xlsx").write_bytes(copy)
    well_formed(tmp_path)
    again = read_workbook(copy, samples.plan())
    assert (again.info, again.tables) == (content.info, content.tables)


@pytest.mark.slow
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
    assert all("abcdefg" in found for found in (of_docx(docx), of_pdf(pdf), of_xlsx(xlsx)))
    body = render_mail(paper_of(report), {})
    message = compose(outgoing(text=body.text, html=f"{body.html}\ud800"), report.made_at)
    parsed = message_from_bytes(message, policy=policy.default)
    assert "abcdefg" in parsed.get_body(("plain",)).get_content()
    book = Workbook()
    put(book.worksheets[0].cell(1, 1), f"{forbidden}\ud800")
    book.save(tmp_path / "put.xlsx")
    assert load_workbook(tmp_path / "put.xlsx").worksheets[0].cell(1, 1).value == "abcdefg"


@pytest.mark.slow
def test_a_returned_copy_of_any_text(workspace: Workspace) -> None:
    """A workbook with one wrong figure goes back with all its texts."""
    period = Period(2022, 10)
    path = workspace.settings.inbox_folder / "SCT" / "bieu.xlsx"
    used = write_texts(path, "SCT", str(period), any_text(9))
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data.replace(b"<v>46", b"<v>0.46").replace(b"<v>2", b"<v>0.2"))
    collect(workspace, period, workspace.schedule(period).submit_before)
    returned = workspace.returned_path(period, "SCT", 1)
    well_formed(returned.parent)
    assert lacks(squeezed(readable(of_xlsx(returned))), (text for _, text in used)) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", PERIODS)
def test_any_text_in_any_free_field_of_any_form(workspace: Workspace, form: str) -> None:
    """Read from workbooks, judged, answered, consolidated, mailed, shown on the site, exported."""
    period, used = Period.parse(PERIODS[form]), live(workspace, form, 2)
    texts = Used(pair for one in used.values() for pair in one)
    assert {text for _, text in texts} > set(filter(is_readable, AWKWARD))
    well_formed(workspace.home)
    printed = [*texts.of("tasks", "assignments", "budget", "assessments"), *chain(*map(complete, used.values()))]
    counted = [*printed, *texts.of("difficulties"), *(texts.of("figures") if form == "thang" else ())]
    folder = workspace.report_folder(period, 1)
    assert documents_lack(folder, printed, counted) == {"docx": [], "pdf": [], "xlsx": []}
    values = {value for row in exported(workspace, period, "tasks") for value in row.values()}
    assert [text for text in texts.of("tasks") if readable(text).strip() not in (*values, "")] == []
    findings = exported(workspace, period, "findings")
    assert not [one for one in findings if one["severity"] == "critical"]
    warned = [one for one in findings if one["rule"] == "character_unprintable"]
    assert all("(U+" in one["value"] and one["cell"] and one["severity"] == "warning" for one in warned)
    letters = list(mails(workspace.outbox_folder))
    plain, pages = ("".join(one.get_body((kind,)).get_content() for one in letters) for kind in ("plain", "html"))
    html = Page(pages).text
    for kind in (squeezed(plain), html):
        assert lacks(kind, (one["message"] for one in warned)) == []
    for unit, own in used.items():
        site = Page((workspace.home / "site" / "don-vi" / f"{unit}.html").read_text(encoding="utf-8")).text
        assert lacks(site, [one["message"] for one in findings if one["unit"] == unit][:50]) == []
        if form != "phan-cong":
            assert lacks(site, own.of("figures", "difficulties", *(f"tasks.{name}" for name in SHOWN))) == []
            if unit == "SNV":  # the others' are named by their annex in a mail, but for two
                told = [text for n, text in enumerate(complete(own)) if ASKED[n % 4] != "cause"][:12]
                assert prose_lacks(squeezed(plain), told) == []
                assert prose_lacks(html, told) == []
