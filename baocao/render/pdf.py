"""«bao-cao.pdf»: the same document set by Typst as PDF/A-2b, with its charts as vectors."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.report import Report
from baocao.render.charts import chart_description
from baocao.render.charts.chart import CHART_NAMES, chart_question
from baocao.render.context import template_context

_HERE = Path(__file__).parent
TEMPLATE = _HERE / "templates" / "bao-cao.typ"
FONTS = _HERE / "fonts"
_PAGE_RATIO = 225 / 160
_SIZE = re.compile(rb'width="([\d.]+)pt" height="([\d.]+)pt"')


def render_pdf(report: Report, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are SVG by name, those of :data:`CHART_NAMES` that are there go to the end of it.

    Set in Times New Roman where the machine has it, else in the bundled Tinos, which has the same measures and every
    Vietnamese letter. The same report gives the same bytes on the same machine.
    """
    slots = [chart_slot(report, name, charts[name]) for name in CHART_NAMES if name in charts]
    return compile_pdf(TEMPLATE.name, template_context(report) | {"bieu_do": slots}, report.made_at)


def compile_pdf(template: str, data: dict[str, Any], made_at: datetime) -> bytes:
    """A template of the folder ``templates`` with its data as PDF/A-2b; ``made_at`` is the document's date."""
    day = {"year": made_at.year, "month": made_at.month, "day": made_at.day}
    document: bytes = typst.compile(
        TEMPLATE.parent / template,
        format="pdf",
        root=TEMPLATE.parent,
        font_paths=[FONTS],
        sys_inputs={"du_lieu": json.dumps(data | {"ngay": day}, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=made_at.astimezone(UTC),
    )
    return document


def chart_slot(report: ResultsDocument, name: str, svg: bytes) -> dict[str, Any]:
    """A chart for the templates, with its caption and its alternative text."""
    found = _SIZE.search(svg)
    is_tall = bool(found) and float(found[2]) / float(found[1]) > _PAGE_RATIO if found else False
    return {
        "svg": svg.decode("utf-8"),
        "title": chart_question(name),
        "alt": chart_description(report, name),
        "is_tall": is_tall,
    }
