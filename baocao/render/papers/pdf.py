"""«bao-cao.pdf» of a paper, set by Typst as PDF/A-2b with the layout that all reports share."""

from collections.abc import Mapping

from baocao.domain.reported.assessment import FinalAssessment
from baocao.render.charts.chart import CHART_NAMES
from baocao.render.context import clean
from baocao.render.papers.docx_annex import roman
from baocao.render.papers.paper import Annex, AnnexTable, Paper, paper_context
from baocao.render.pdf import chart_slot, compile_pdf


def render_paper_pdf(paper: Paper, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are SVG by name and go to the end of it."""
    report = paper.report
    annexes = [_annex(annex, number) for number, annex in enumerate(paper.annexes, start=1)]
    slots = (
        [chart_slot(report, name, charts[name]) for name in CHART_NAMES if name in charts]
        if isinstance(report, FinalAssessment)
        else []
    )
    return compile_pdf("van-ban.typ", paper_context(paper) | {"phu_luc": annexes, "bieu_do": slots}, report.made_at)


def _annex(annex: Annex, number: int) -> dict[str, object]:
    return {"so": roman(number), "ten": annex.title, "bang": [_table(table) for table in annex.tables]}


def _table(table: AnnexTable) -> dict[str, object]:
    texts: dict[str, object] = clean(
        {
            "cot": [{"ten": one.header, "khoa": one.key, "can_le": one.align} for one in table.columns],
            "hang": table.rows,
            "con_lai": table.more,
            "khong_co": table.nothing,
            "dau_de": table.caption,
        }
    )
    return texts | {"rong": [column.width_mm for column in table.columns]}
