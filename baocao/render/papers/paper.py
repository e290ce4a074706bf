"""Văn bản: what a report looks like on paper and in the mail, before any format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from baocao.domain.reported.document import Document, ResultsDocument
from baocao.narrative.story import Section, Story, Table
from baocao.render.xlsx.book import Book

MOST_IN_MAIL = 12
_SHORT = 4
"""A table of so many rows is kept whole in both formats."""


def attachment_name(report: Document, name: str) -> str:
    """A file of the report as it is called outside its folder: ``bao-cao-2022-10.pdf``, ``…-dinh-chinh-1.pdf``."""
    stem, _, ending = name.rpartition(".")
    correction = f"-dinh-chinh-{report.version - 1}" if report.is_restatement else ""
    return f"{stem}-{report.period}{correction}.{ending}"


@dataclass(frozen=True)
class Annex:
    """A numbered annex: its title in capitals and its tables, of which all but the first have a caption."""

    title: str
    tables: tuple[Table, ...]

    @property
    def is_short(self) -> bool:
        """Whether it stands on the page of the annex before it, where there is room for the whole of it."""
        return sum(len(table.rows) for table in self.tables) <= _SHORT


@dataclass(frozen=True)
class MailItem:
    """A line of the mail's lists: a mark, what it is about, a value at the right, a note below."""

    mark: str
    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class MailPart:
    """A part of the mail's page: paragraphs («- » begins an item of a list), or items; ``nothing`` where neither is."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[MailItem, ...] = ()
    nothing: str = ""


@dataclass(frozen=True)
class Paper:
    """One report: its words, its tables, its mail, its workbooks by file name (those are made when they are called).

    ``title`` and ``subtitle`` are the mail page's; ``key_figures`` value and label of its four tiles.
    ``drawn``: the report whose figures are drawn as charts, None where nothing is; ``mail_charts`` those in the mail.
    """

    report: Document
    story: Story
    title: str
    subtitle: str
    annexes: tuple[Annex, ...]
    key_figures: tuple[tuple[str, str], ...]
    mail_parts: tuple[MailPart, ...]
    books: Mapping[str, Callable[[], Book[Document]]]
    drawn: ResultsDocument | None = None
    mail_charts: tuple[str, ...] = ()


def front_parts(story: Story) -> tuple[MailPart, MailPart]:
    """The first page of the story at the head of the mail: what is asked, then what is due."""
    summary, asked = story.sections[:2]
    due = summary.table.rows if summary.table else ()
    items = tuple(MailItem("–", f"{row['don_vi']}: {row['viec']}", row["han"]) for row in due)
    more = (summary.table.more,) if summary.table and summary.table.more else ()
    return (
        MailPart("Kính đề nghị quyết định", asked.paragraphs),
        MailPart("Việc đến hạn của các đơn vị", more, items, nothing="Không có."),
    )


def mail_part(section: Section) -> MailPart:
    """A section of the story as a part of the mail: its first paragraphs, under its title without the number."""
    shown = section.paragraphs[:MOST_IN_MAIL]
    if len(shown) < len(section.paragraphs):
        shown = (*shown, "Phần còn lại xem trong báo cáo đính kèm.")
    return MailPart(section.title.partition(". ")[2].capitalize(), shown)
