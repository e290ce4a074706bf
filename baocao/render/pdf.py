"""«bao-cao.pdf»: the same document set by Typst as PDF/A-2b, with its charts as vectors."""

import json
import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import typst

from baocao.domain.reported.document import ResultsDocument
from baocao.narrative.story import Section, Table
from baocao.render.charts import chart_description
from baocao.render.charts.chart import CHART_NAMES, chart_question
from baocao.render.charts.reading import chart_reading, width_mm
from baocao.render.context import clean, paper_context
from baocao.render.papers.paper import Annex, Paper
from baocao.render.word.tables import roman

_HERE = Path(__file__).parent
TEMPLATE = _HERE / "templates" / "bao-cao.typ"
FONTS = _HERE / "fonts"
_SIZE = re.compile(rb'width="([\d.]+)pt" height="([\d.]+)pt"')


def render_pdf(paper: Paper, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are SVG by name, those of :data:`CHART_NAMES` that are there go to the end of it.

    Set in Times New Roman where the machine has it, else in the bundled Tinos, which has the same measures and every
    Vietnamese letter. The same report gives the same bytes on the same machine.
    """
    made_at = paper.report.made_at
    content: bytes = typst.compile(
        TEMPLATE,
        format="pdf",
        root=TEMPLATE.parent,
        font_paths=[FONTS],
        sys_inputs={"du_lieu": json.dumps(_data(paper, charts), ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=made_at.astimezone(UTC),
    )
    return content


def _data(paper: Paper, charts: Mapping[str, bytes]) -> dict[str, Any]:
    made_at, drawn = paper.report.made_at, paper.drawn
    slots = [_chart(drawn, name, charts[name]) for name in CHART_NAMES if name in charts] if drawn else []
    return {
        **paper_context(paper),
        "ngay": {"year": made_at.year, "month": made_at.month, "day": made_at.day},
        "cac_phan": [{**_section(one), "giu": one is paper.story.sections[-1]} for one in paper.story.sections],
        "phu_luc": [_annex(annex, number) for number, annex in enumerate(paper.annexes, start=1)],
        "bieu_do": slots,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "tieu_de": clean(section.title),
        "la_muc_lon": section.level == 1,
        "doan": clean(list(section.paragraphs)),
        "bang": [_table(section.table)] if section.table else [],
    }


def _annex(annex: Annex, number: int) -> dict[str, Any]:
    return {
        "so": roman(number),
        "ten": annex.title,
        "bang": [_table(table) for table in annex.tables],
        "ngan": annex.is_short,
    }


def _table(table: Table) -> dict[str, Any]:
    texts: dict[str, Any] = clean(
        {
            "cot": [{"ten": one.header, "khoa": one.key, "can_le": one.align} for one in table.columns],
            "hang": list(table.rows),
            "ghi_chu": table.note,
            "con_lai": table.more,
            "khong_co": table.nothing,
            "dau_de": table.caption if table.rows or table.nothing else "",
        }
    )
    return texts | {"rong": [column.width_mm for column in table.columns]}


def _chart(report: ResultsDocument, name: str, svg: bytes) -> dict[str, Any]:
    """A chart for the template, with its caption and its alternative text."""
    found = _SIZE.search(svg)
    ratio = float(found[2]) / float(found[1]) if found else 1.0
    return {
        "svg": svg.decode("utf-8"),
        "title": chart_question(name),
        "alt": chart_description(report, name),
        "reading": chart_reading(report, name),
        "width_mm": width_mm(ratio),
    }
