"""A report on disk: every file of one version; each there in full or not at all."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from baocao.domain.characters import xml_text
from baocao.domain.reported.document import Document
from baocao.render.charts import render_charts
from baocao.render.mail import render_page
from baocao.render.papers.paper import Paper
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx
from baocao.render.workshop import Workshop
from baocao.render.xlsx.book import Book
from baocao.system.files import write_folder


def render_all(paper: Paper, folder: Path, more: Mapping[str, bytes] | None = None) -> dict[str, Path]:
    """Write the report's files into this folder; gives their paths by file name (``bieu-do/chi-tieu.png``).

    ``more`` are files by name that belong beside them.

    The files are written beside the folder and moved into place at the end, so that a kill or a full disk leaves no
    half report. Called again, it replaces what is there. A file that cannot be made is left out and named, with the
    reason, in :data:`~baocao.render.workshop.FAULTS_FILE`; the others are written all the same.

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    contents = {**_contents(paper), **(more or {})}
    write_folder(folder, contents, "báo cáo")
    return {name: folder / name for name in contents}


def _contents(paper: Paper) -> dict[str, bytes]:
    shop = Workshop()
    nothing: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    drawn = paper.drawn
    charts, vectors = shop.make("bieu-do", partial(render_charts, drawn), nothing) if drawn else nothing
    with ThreadPoolExecutor(1) as beside:  # Typst works outside the interpreter's lock
        pdf = beside.submit(render_pdf, paper, vectors)
        shop.add("bao-cao.docx", partial(render_docx, paper, charts))
        for name, book in paper.books.items():
            shop.add(name, partial(_saved, book))
        shop.add("bao-cao.pdf", pdf.result)
    in_mail = tuple(name for name in paper.mail_charts if name in charts)
    shop.add("thu.html", lambda: xml_text(render_page(paper, in_mail)).encode("utf-8"))
    return shop.finished() | {f"bieu-do/{name}.png": content for name, content in charts.items()}


def _saved(book: Callable[[], Book[Document]]) -> bytes:
    return book().save()
