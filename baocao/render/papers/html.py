"""Thư của một văn bản theo mục: the parts of its mail's page, and its plain text."""

from typing import Any

from baocao.domain.reported.assessment import FinalAssessment
from baocao.narrative.story import Section
from baocao.render.papers.paper import Paper

_SHOWN = 12


def page_context(paper: Paper) -> dict[str, Any]:
    """What ``thu-muc.html.j2`` shows of the paper, but for issuer, marks and charts."""
    story = paper.story
    is_final = isinstance(paper.report, FinalAssessment)
    return {
        "subject": story.subject,
        "title": f"Tổng kết, đánh giá {paper.report.phase}" if is_final else "Phân công nhiệm vụ và dự toán kinh phí",
        "subtitle": story.subject,
        "headline": story.headline,
        "restated": story.restated,
        "key_figures": paper.key_figures,
        "sections": [
            {"title": _plain(one.title), "paragraphs": _shown(one)}
            for one in story.sections
            if one.title in paper.mail_sections
        ],
        "footer": f"Toàn văn báo cáo ở tệp bao-cao.docx, bao-cao.pdf; số liệu chi tiết ở tệp {', '.join(paper.books)}.",
    }


def _plain(title: str) -> str:
    """``III. DỰ TOÁN KINH PHÍ`` as a heading of the mail: «Dự toán kinh phí»."""
    return title.partition(". ")[2].capitalize()


def _shown(section: Section) -> list[dict[str, object]]:
    """The first paragraphs, each with whether it is an item of a list."""
    shown = list(section.paragraphs[:_SHOWN])
    if len(shown) < len(section.paragraphs):
        shown.append("Phần còn lại xem trong báo cáo đính kèm.")
    return [{"text": text.removeprefix("- "), "is_item": text.startswith("- ")} for text in shown]


def paper_text(paper: Paper, marks: list[str]) -> str:
    """The whole paper in plain text."""
    story = paper.story
    parts = [story.headline, *marks, story.opening]
    if story.restated:
        parts.append("\n".join(("ĐÍNH CHÍNH", *story.restated)))
    parts += ["\n".join((one.title, *one.paragraphs)) for one in story.sections]
    parts += [paper.report.approval_line] if paper.report.approval_line else []
    return "\n\n".join(parts) + "\n"
