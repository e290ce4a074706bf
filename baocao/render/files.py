"""A report on disk: every file of one version; each there in full or not at all."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from baocao.domain.characters import xml_text
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.document import Document
from baocao.domain.reported.report import Report
from baocao.narrative.telling import AnyReport
from baocao.render.charts import charts_and_vectors
from baocao.render.docx import render_docx
from baocao.render.html import mail_charts, render_page
from baocao.render.papers import paper_of
from baocao.render.papers.docx import render_paper_docx
from baocao.render.papers.pdf import render_paper_pdf
from baocao.render.pdf import render_pdf
from baocao.render.workshop import Workshop
from baocao.render.xlsx import render_xlsx
from baocao.render.xlsx.book import Book
from baocao.system.files import write_folder


def render_all(report: AnyReport, folder: Path, more: Mapping[str, bytes] | None = None) -> dict[str, Path]:
    """Write the report's files into this folder; gives their paths by file name (``bieu-do/chi-tieu.png``).

    ``more`` are files by name that belong beside them.

    The files are written beside the folder and moved into place at the end, so that a kill or a full disk leaves no
    half report. Called again, it replaces what is there. A file that cannot be made is left out and named, with the
    reason, in :data:`~baocao.render.workshop.FAULTS_FILE`; the others are written all the same.

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    contents = {**_contents(report), **(more or {})}
    write_folder(folder, contents, "báo cáo")
    return {name: folder / name for name in contents}


def _contents(report: AnyReport) -> dict[str, bytes]:
    shop = Workshop()
    nothing: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    drawn = nothing
    if not isinstance(report, AssignmentReport):
        drawn = shop.make("bieu-do", partial(charts_and_vectors, report), nothing)
    charts, vectors = drawn
    if isinstance(report, Report):
        _month(shop, report, charts, vectors)
    else:
        _paper(shop, report, charts, vectors)
    in_mail = tuple(name for name in mail_charts(report) if name in charts)
    shop.add("thu.html", lambda: xml_text(render_page(report, in_mail)).encode("utf-8"))
    return shop.finished() | {f"bieu-do/{name}.png": content for name, content in charts.items()}


def _month(shop: Workshop, report: Report, charts: Mapping[str, bytes], vectors: Mapping[str, bytes]) -> None:
    with ThreadPoolExecutor(1) as beside:  # Typst works outside the interpreter's lock
        pdf = beside.submit(render_pdf, report, vectors)
        shop.add("bao-cao.docx", partial(render_docx, report, charts))
        shop.add("so-lieu.xlsx", partial(render_xlsx, report))
        shop.add("bao-cao.pdf", pdf.result)


def _paper(
    shop: Workshop,
    report: AssignmentReport | FinalAssessment,
    charts: Mapping[str, bytes],
    vectors: Mapping[str, bytes],
) -> None:
    paper = paper_of(report)
    shop.add("bao-cao.docx", partial(render_paper_docx, paper, charts))
    shop.add("bao-cao.pdf", partial(render_paper_pdf, paper, vectors))
    for name, book in paper.books.items():
        shop.add(name, partial(_saved, book))


def _saved(book: Callable[[], Book[Document]]) -> bytes:
    return book().save()
