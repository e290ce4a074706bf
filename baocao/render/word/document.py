"""«bao-cao.docx»: a paper in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.

Head, foot and styles are the Word template's (``templates/bao-cao.docx``, which an official can edit); sections,
annexes and charts are put in where its marks stand.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate

from baocao.narrative.story import Section
from baocao.render.charts.chart import CHART_NAMES, chart_question
from baocao.render.context import paper_context
from baocao.render.papers.paper import Paper
from baocao.render.word.tables import UPRIGHT_MM, annex_elements, paragraph_element, table_elements
from baocao.system.errors import UsageError

TEMPLATE = Path(__file__).parents[1] / "templates" / "bao-cao.docx"
_WIDTH_MM = 160
_HEIGHT_MM = 215
_CONTENT = "\u2060noi_dung\u2060"
_HEADINGS = {1: "BC Mục lớn", 2: "BC Mục"}


def render_docx(paper: Paper, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are PNG by name, those of :data:`CHART_NAMES` that are there go to the end of it.

    Raises:
        UsageError: the Word template has lost the marks by which the places of sections and annexes are found.
    """
    template = DocxTemplate(TEMPLATE)
    context = paper_context(paper)
    template.render({**context, "noi_dung": _CONTENT}, autoescape=True)
    document = template.docx
    content, annexes, last = _marks(document)
    body = list(_body(document, paper))
    for element in body:
        content.addprevious(element)
    _keep_with_next(body[-1])
    content.getparent().remove(content)
    for number, annex in enumerate(paper.annexes, start=1):
        for element in annex_elements(document, annex, number, context["kem_theo"]):
            annexes.addprevious(element)
    _append(document, annexes, last, {name: charts[name] for name in CHART_NAMES if name in charts})
    properties = document.core_properties
    properties.title = context["trich_yeu"]
    properties.author = properties.last_modified_by = paper.report.issuer.name
    properties.created = properties.modified = paper.report.made_at.replace(tzinfo=None)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _marks(document: Any) -> tuple[Any, Any, Any]:
    """The paragraph that the sections take the place of, the end of the landscape pages, the end of the document."""
    body = list(document.element.body)
    content = [one._p for one in document.paragraphs if one.text == _CONTENT]
    turns = [element for element in body if element.tag.endswith("}sectPr") or element.findall("./{*}pPr/{*}sectPr")]
    if len(content) != 1 or len(turns) != 3:
        raise UsageError(
            f"Mẫu {TEMPLATE.name} phải có một đoạn riêng {{{{ noi_dung }}}} và hai ngắt phần (trang ngang, trang dọc); "
            "hãy khôi phục mẫu gốc"
        )
    return content[0], turns[1], turns[2]


def _keep_with_next(element: Any) -> None:
    """So that the signature never stands alone on a page."""
    if element.tag.endswith("}p"):
        element.get_or_add_pPr().keepNext_val = True


def _body(document: Any, paper: Paper) -> Iterator[Any]:
    for section in paper.story.sections:
        yield from _section(document, section)


def _section(document: Any, section: Section) -> Iterator[Any]:
    yield paragraph_element(document, _HEADINGS[section.level], section.title)
    for text in section.paragraphs:
        yield paragraph_element(document, "BC Thân", text, keeps_next=text.endswith(":"))
    if section.table:
        yield from table_elements(document, section.table, UPRIGHT_MM)


def _append(document: Any, end: Any, last: Any, charts: Mapping[str, bytes]) -> None:
    """Charts on upright pages; without any, the document ends on the landscape pages of the annexes."""
    if not charts:
        document.element.body.replace(last, deepcopy(end.find("./{*}pPr/{*}sectPr")))
        document.element.body.remove(end)
    for number, (name, png) in enumerate(charts.items(), start=1):
        caption = f"Biểu đồ {number}. {chart_question(name)}"
        paragraph_element(document, "BC Chú thích", caption, is_centred=True)
        document.add_paragraph(style="BC Hình").add_run().add_picture(BytesIO(png), **_picture_size(png))


def _picture_size(png: bytes) -> dict[str, Any]:
    """As wide as the text, or as high as the page where it is tall: keyword arguments of python-docx."""
    image = Image.from_blob(png)
    is_tall = image.px_height / image.px_width > _HEIGHT_MM / _WIDTH_MM
    return {"height": Mm(_HEIGHT_MM)} if is_tall else {"width": Mm(_WIDTH_MM)}
