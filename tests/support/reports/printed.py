"""What stands in files that people open, without blanks, and which of the texts that were put in stand there not."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import bidirectional, normalize

import pypdfium2
import python_calamine
from docx import Document

from baocao.domain.characters import readable
from baocao.narrative.phrases import bare
from baocao.system.cover import printable

_RANDOM = re.compile(r"chữ((?:(?!chữ).)*?)hết")


class Page(HTMLParser):
    """The visible text of a page, and the elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"onerror", "onload"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return squeezed("".join(self.words))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def of_docx(path: Path) -> str:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return squeezed("".join((*cells, *(paragraph.text for paragraph in document.paragraphs))))


def of_pdf(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return squeezed("".join(page.get_textpage().get_text_range() for page in document))


def of_xlsx(path: Path) -> str:
    """As Excel shows it: openpyxl leaves escaped characters as they stand in the file."""
    book = python_calamine.load_workbook(str(path))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return squeezed("\n".join(str(value) for rows in sheets for row in rows for value in row))


def mails(folder: Path) -> Iterator[EmailMessage]:
    for path in sorted(folder.rglob("*.eml")):
        yield message_from_bytes(path.read_bytes(), policy=policy.default)


def lacks(text: str, wanted: Iterable[str]) -> list[str]:
    """Of these texts, as a unit wrote them, those that do not stand there as they are read."""
    return [one for one in wanted if squeezed(readable(one)) not in text]


def document_lacks(text: str, wanted: Iterable[str]) -> list[str]:
    """The same where «�» stands for what no font can print."""
    return lacks(text, (printable(readable(one)) for one in wanted))


def pdf_lacks(text: str, wanted: Iterable[str]) -> list[str]:
    """The same in what pdfium reads.

    Of random texts the letters and digits that are written from left to right: pdfium turns the others round, with
    brackets and pairs of surrogates, writes the plain equals of signs, and some twice.
    """
    plain = _first_plane(text)
    chunks = [_letters(chunk) for chunk in _RANDOM.findall(plain)]

    def stands(one: str) -> bool:
        told = _first_plane(squeezed(printable(readable(one))))
        found = _RANDOM.fullmatch(told)
        return any(_letters(found[1]) <= chunk for chunk in chunks) if found else told in plain

    return [one for one in wanted if not stands(one)]


def _first_plane(text: str) -> str:
    return "".join(sign for sign in text if sign < "\ud800" or "\udfff" < sign <= "\uffff")


def _letters(text: str) -> frozenset[str]:
    plain = normalize("NFKC", text)
    return frozenset(sign for sign in plain if sign.isalnum() and bidirectional(sign) in ("L", "EN"))


def prose_lacks(text: str, wanted: Iterable[str]) -> list[str]:
    """The same where a text stands within a sentence: without its stop, its first letter large or small."""
    prose = text.casefold()
    return [one for one in wanted if squeezed(bare(readable(one))).casefold() not in prose]
