"""«bao-cao.docx»: the Report in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.

The layout is the Word template's (``templates/bao-cao.docx``, which an official can edit); only the words and the
pictures come from here.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from baocao.domain.reported.report import Report
from baocao.render.charts.chart import CHART_NAMES
from baocao.render.context import template_context

TEMPLATE = Path(__file__).parent / "templates" / "bao-cao.docx"
_WIDTH_MM = 160
_HEIGHT_MM = 225


def render_docx(report: Report, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are PNG by name, those of :data:`CHART_NAMES` that are there go to the end of it."""
    document = DocxTemplate(TEMPLATE)
    context = template_context(report) | {_variable(name): "" for name in CHART_NAMES}
    for name in CHART_NAMES:
        if name in charts:
            context[_variable(name)] = _picture(document, charts[name])
    document.render(context, autoescape=True)
    properties = document.docx.core_properties
    properties.title = context["trich_yeu"]
    properties.author = properties.last_modified_by = report.issuer.name
    properties.created = properties.modified = report.made_at.replace(tzinfo=None)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _variable(chart: str) -> str:
    return f"bieu_do_{chart.replace('-', '_')}"


def _picture(document: Any, png: bytes) -> Any:
    return InlineImage(document, BytesIO(png), **picture_size(png))


def picture_size(png: bytes) -> dict[str, Any]:
    """As wide as the text, or as high as the page where it is tall: keyword arguments of python-docx."""
    image = Image.from_blob(png)
    is_tall = image.px_height / image.px_width > _HEIGHT_MM / _WIDTH_MM
    return {"height": Mm(_HEIGHT_MM)} if is_tall else {"width": Mm(_WIDTH_MM)}
