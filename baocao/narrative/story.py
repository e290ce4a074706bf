"""Lời văn theo mục: a report in words, section by section, whatever it reports on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Align = Literal["left", "center", "right"]
TableRow = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its header, the key of its texts in a row, its width (None takes what is left), its alignment."""

    header: str
    key: str
    width_mm: float | None = None
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table for paper; a row is texts by the columns' keys.

    ``la_nhom`` marks a row over all columns with the text ``ten``, ``la_dam`` one in bold. ``nothing`` stands for the
    table where there are no rows (empty: nothing stands there, the caption neither), ``note`` and ``more`` below it.
    """

    columns: tuple[Column, ...]
    rows: Sequence[TableRow]
    more: str = ""
    nothing: str = "Không có."
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading (level 1 «I.», level 2 «1.»), its paragraphs and its table.

    Paragraphs that begin with «- » are items of a list.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    level: int = 1
    table: Table | None = None


@dataclass(frozen=True)
class Story:
    """A report in Vietnamese prose; the same report always gives the same sentences.

    ``subject`` is the document's trích yếu; ``headline`` one sentence with the key figures (the mail's preview line);
    ``opening`` the sentence that opens the document; ``restated`` is empty unless it corrects a published one.
    """

    subject: str
    headline: str
    opening: str
    restated: tuple[str, ...]
    sections: tuple[Section, ...]
