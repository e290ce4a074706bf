"""For one month: the same figures in Word, PDF, workbook, mail and site."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from docx import Document
from support.reports.printed import Page, squeezed
from support.reports.site import MONTHS, clock, filled_home

from baocao.consolidation.head import Head
from baocao.consolidation.report import build_report
from baocao.domain.planned.indicator import ComponentsMode
from baocao.domain.reported.outcome import ratio_text
from baocao.domain.wording import shown_pct
from baocao.render.mail import render_mail
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx
from baocao.site import build_site
from baocao.store.accepted.facts import load_facts
from baocao.store.engine.database import reading


@pytest.mark.slow
def test_forty_figures_are_the_same_everywhere(tmp_path: Path) -> None:
    workspace, period = filled_home(tmp_path), MONTHS[-1]
    with reading(workspace.engine) as connection:
        facts = load_facts(connection, workspace.plan, period)
    report = build_report(workspace.plan, facts, Head(workspace.schedule(period).report_at))
    paper = paper_of(report)
    known = [figure for figure in report.figures if figure.ratio_pct is not None]
    wanted = {figure.code: (ratio_text(figure), figure.numerator, figure.denominator) for figure in known}
    assert sum(len(values) for values in wanted.values()) >= 40

    document = Document(BytesIO(render_docx(paper, {})))
    rows = {cells[0]: cells for table in document.tables for row in table.rows if len(cells := _texts(row)) == 11}
    with pdfplumber.open(BytesIO(render_pdf(paper, {}))) as pdf:
        printed = squeezed("".join(page.extract_text() for page in pdf.pages))
    sheet = openpyxl.load_workbook(BytesIO(paper.books["so-lieu.xlsx"]().save()), data_only=True)["Tổng hợp"]
    cells = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True)}
    mail = squeezed(re.sub(r"<[^>]+>", "", render_mail(paper, {}).html))
    build_site(workspace, clock(2022, 12, 26))
    pages = [Page(path.read_text(encoding="utf-8")).text for path in (tmp_path / "site").rglob("*.html")]

    for figure in known:
        ratio, numerator, denominator = wanted[figure.code]
        counts = [f"{numerator:,.0f}".replace(",", "."), f"{denominator:,.0f}".replace(",", ".")]
        assert rows[figure.code][3:6] == [*counts, ratio]
        assert squeezed("".join((*counts, ratio))) in printed
        assert cells[figure.code][5:7] == (numerator, denominator)
        assert shown_pct(cells[figure.code][7] * 100, figure.target_pct) == shown_pct(
            figure.ratio_pct, figure.target_pct
        )
        if figure.is_headline:
            assert re.search(rf"\({figure.code}\)[^●○]*?{re.escape(squeezed(ratio))}", mail), figure.code
        if figure.is_headline or figure.mode is ComponentsMode.SEPARATE:
            assert any(squeezed(f"{counts[0]}/{counts[1]}") in page and ratio in page for page in pages), figure.code


def _texts(row: object) -> list[str]:
    return [cell.text for cell in row.cells]  # type: ignore[attr-defined]
