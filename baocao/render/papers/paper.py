"""Văn bản theo mục: what the assignment report and the final assessment look like, before any format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from baocao.domain.reported.document import Document
from baocao.narrative.monthly import issuer_name
from baocao.narrative.phrases import unit_names
from baocao.narrative.story import Story
from baocao.render.context import clean, letterhead
from baocao.render.tables import TableRow
from baocao.render.xlsx.book import Book

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class AnnexColumn:
    """A column: its header, the key of its texts in a row, its width (None takes what is left), its alignment."""

    header: str
    key: str
    width_mm: float | None = None
    align: Align = "left"


@dataclass(frozen=True)
class AnnexTable:
    """A table; ``nothing`` stands for it where there are no rows, ``more`` says what is left out."""

    columns: tuple[AnnexColumn, ...]
    rows: list[TableRow]
    more: str = ""
    nothing: str = "Không có."
    caption: str = ""


@dataclass(frozen=True)
class Annex:
    """A numbered annex: its title in capitals and its tables, of which all but the first have a caption."""

    title: str
    tables: tuple[AnnexTable, ...]


@dataclass(frozen=True)
class Paper:
    """One report: its words, its tables, its workbooks by file name.

    ``key_figures``: value and label of the mail's four tiles. ``mail_sections``: headings of the sections of the story
    that the mail shows.
    """

    report: Document
    story: Story
    annexes: tuple[Annex, ...]
    key_figures: tuple[tuple[str, str], ...]
    mail_sections: tuple[str, ...]
    books: dict[str, Callable[[], Book[Document]]]


def paper_context(paper: Paper) -> dict[str, Any]:
    """What the templates of a paper show, under the names of ``templates/README.md``, but for annexes and charts."""
    report, story = paper.report, paper.story
    asked = unit_names(report.issuer.addressees)
    context: dict[str, Any] = clean(
        {
            **letterhead(report),
            "trich_yeu": story.subject,
            "tom_tat": story.headline,
            "mo_dau": story.opening,
            "dinh_chinh": list(story.restated),
            "cac_phan": [
                {"tieu_de": one.title, "la_muc_lon": one.level == 1, "doan": list(one.paragraphs)}
                for one in story.sections
            ],
            "ket_thuc": (
                f"{report.approval_line} {issuer_name(report)} kính báo cáo {asked} xem xét, chỉ đạo./.".lstrip()
            ),
            "ky_bao_cao": report.period.label,
            "co_quan_ten": issuer_name(report),
        }
    )
    return context
