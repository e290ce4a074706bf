"""What an official file shows, for a form to be made of it: its cells and merges; in a process that can be killed."""

from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, PasswordError

from baocao.domain.received.finding import Finding
from baocao.workbook import rules
from baocao.workbook.formats.grid import Book, Grid
from baocao.workbook.formats.guard import Kind, examine, is_word, load
from baocao.workbook.formats.marks import marks_of
from baocao.workbook.formats.package import RefusedError
from baocao.workbook.formats.page import Page

_MOST_SHEETS = 20
_MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Looking:
    """A file that is to be looked at."""

    source: Path

    @property
    def name(self) -> str:
        """What the logs call it."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Sight:
    """The sheets of a file; ``fault`` says why there are none. ``kind``: only an .xlsx can be filled in as it is.

    ``page``: a Word document, seen as one sheet.
    """

    grids: tuple[Grid, ...] = ()
    kind: Kind | None = None
    fault: Finding | None = None
    page: Page | None = None


def look(looking: Looking) -> Sight:
    """Read a file's sheets; the guard looks at it first.

    Raises:
        OSError: the path cannot be read.
    """
    try:
        data = load(looking.source)
        if is_word(data):
            return _document(data)
        examined = examine(data)
        book, marks = Book(examined.data), marks_of(examined)
        grids = tuple(_cut(book.grid(name, marks(name))) for name in book.names[:_MOST_SHEETS])
    except RefusedError as refusal:
        return Sight(fault=refusal.finding)
    except PasswordError:
        return Sight(fault=rules.FILE_ENCRYPTED.at())
    except CalamineError:
        return Sight(fault=rules.FILE_UNREADABLE.at(reason="nội dung bên trong tệp bị hỏng"))
    return Sight(grids, examined.kind)


def _document(data: bytes) -> Sight:
    from baocao.workbook.formats.word import page_of  # noqa: PLC0415 - python-docx, which readers never need

    try:
        page = page_of(data)
    except (ValueError, KeyError):
        return Sight(fault=rules.FILE_UNREADABLE.at(reason="nội dung bên trong tệp Word bị hỏng"))
    return Sight((page.grid(),), page=page)


def _cut(grid: Grid) -> Grid:
    return Grid(grid.sheet, grid.rows[:_MOST_ROWS], merges=grid.merges)
