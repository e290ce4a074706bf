"""«bao-cao.docx» of a paper: head and foot from the monthly report's Word template, sections and annexes from here.

So an official who edits head, signature or styles of ``templates/bao-cao.docx`` changes all reports at once.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from io import BytesIO
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

from baocao.render.charts.chart import CHART_NAMES
from baocao.render.docx import TEMPLATE, picture_size
from baocao.render.papers.docx_annex import annex_elements
from baocao.render.papers.paper import Paper, paper_context
from baocao.system.errors import UsageError

_SECTIONS = (
    ("BC Bảng", "{%p for phan in cac_phan %}"),
    ("BC Bảng", "{%p if phan.la_muc_lon %}"),
    ("BC Mục lớn", "{{ phan.tieu_de }}"),
    ("BC Bảng", "{%p else %}"),
    ("BC Mục", "{{ phan.tieu_de }}"),
    ("BC Bảng", "{%p endif %}"),
    ("BC Bảng", "{%p for doan in phan.doan %}"),
    ("BC Thân", "{{ doan }}"),
    ("BC Bảng", "{%p endfor %}"),
    ("BC Bảng", "{%p endfor %}"),
)
_FIRST_SECTION = "BC Mục lớn"
_CLOSING = "ket_thuc"


def render_paper_docx(paper: Paper, charts: Mapping[str, bytes]) -> bytes:
    """The document; ``charts`` are PNG by name and go to the end of it.

    Raises:
        UsageError: the Word template has lost the marks by which its head and foot are found.
    """
    context = paper_context(paper)
    template = DocxTemplate(BytesIO(_frame()))
    template.render(context, autoescape=True)
    document = template.docx
    _append(document, paper, [charts[name] for name in CHART_NAMES if name in charts])
    properties = document.core_properties
    properties.title = context["trich_yeu"]
    properties.author = properties.last_modified_by = paper.report.issuer.name
    properties.created = properties.modified = paper.report.made_at.replace(tzinfo=None)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _frame() -> bytes:
    """The template's head, a loop over the sections, its foot; annexes and charts are taken out."""
    document = Document(str(TEMPLATE))
    body = document.element.body
    start, closing, turn = _marks(document)
    for element in [one for one in body if start <= body.index(one) < closing]:
        body.remove(element)
    for element in list(body)[body.index(turn) + 1 :]:
        if not _is_section_end(element):
            body.remove(element)
    for style, text in _SECTIONS:
        paragraph = document.add_paragraph(text, style=style)
        body.insert(start, paragraph._p)
        start += 1
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _marks(document: Any) -> tuple[int, int, Any]:
    """Where the sections begin, where the closing sentence stands, and the end of the upright pages."""
    body = list(document.element.body)
    paragraphs = {one._p: one for one in document.paragraphs}
    starts = [body.index(p) for p, one in paragraphs.items() if one.style.name == _FIRST_SECTION]
    closings = [body.index(p) for p, one in paragraphs.items() if _CLOSING in one.text]
    turns = [element for element in body[:-1] if _is_section_end(element)]
    if not starts or not closings or len(turns) != 2:
        raise UsageError(
            f"Mẫu {TEMPLATE.name} phải có đoạn kiểu “{_FIRST_SECTION}”, đoạn {{{{ {_CLOSING} }}}} và hai ngắt phần "
            "(trang ngang, trang dọc); hãy khôi phục mẫu gốc"
        )
    return starts[0], closings[0], turns[0]


def _is_section_end(element: Any) -> bool:
    return element.tag.endswith("}sectPr") or bool(element.findall("./{*}pPr/{*}sectPr"))


def _append(document: Any, paper: Paper, charts: list[bytes]) -> None:
    body = document.element.body
    end, last = [one for one in body if _is_section_end(one)][1:]
    for element in _annexes(document, paper):
        end.addprevious(element)
    if not charts:
        landscape = end.find("./{*}pPr/{*}sectPr")
        body.replace(last, deepcopy(landscape))
        body.remove(end)
    for png in charts:
        paragraph = document.add_paragraph(style="BC Hình")
        paragraph.add_run().add_picture(BytesIO(png), **picture_size(png))


def _annexes(document: Any, paper: Paper) -> Iterator[Any]:
    for number, annex in enumerate(paper.annexes, start=1):
        yield from annex_elements(document, paper, annex, number)
