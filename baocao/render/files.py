"""A report on disk: every file of one version, there in full or not at all."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from baocao.domain.assessment import FinalAssessment
from baocao.domain.assignment import AssignmentReport
from baocao.domain.report import Report
from baocao.domain.telling import AnyReport
from baocao.files import write_folder
from baocao.render.charts import charts_and_vectors
from baocao.render.docx import render_docx
from baocao.render.html import mail_charts, render_page
from baocao.render.papers import paper_of
from baocao.render.papers.docx import render_paper_docx
from baocao.render.papers.pdf import render_paper_pdf
from baocao.render.pdf import render_pdf
from baocao.render.xlsx import render_xlsx


def render_all(report: AnyReport, folder: Path, more: Mapping[str, bytes] | None = None) -> dict[str, Path]:
    """Write the report's files into this folder; gives their paths by file name (``bieu-do/chi-tieu.png``).

    ``more`` are files by name that belong beside them.

    The files are written beside the folder and moved into place at the end, so that a kill or a full disk leaves no
    half report. Called again, it replaces what is there.

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    contents = {**_contents(report), **(more or {})}
    write_folder(folder, contents, "báo cáo")
    return {name: folder / name for name in contents}


def _contents(report: AnyReport) -> dict[str, bytes]:
    charts, vectors = ({}, {}) if isinstance(report, AssignmentReport) else charts_and_vectors(report)
    in_mail = tuple(name for name in mail_charts(report) if name in charts)
    documents = _month(report, charts, vectors) if isinstance(report, Report) else _paper(report, charts, vectors)
    return {
        **documents,
        "thu.html": render_page(report, in_mail).encode("utf-8"),
        **{f"bieu-do/{name}.png": content for name, content in charts.items()},
    }


def _month(report: Report, charts: Mapping[str, bytes], vectors: Mapping[str, bytes]) -> dict[str, bytes]:
    with ThreadPoolExecutor(1) as beside:  # Typst works outside the interpreter's lock
        pdf = beside.submit(render_pdf, report, vectors)
        return {
            "bao-cao.docx": render_docx(report, charts),
            "so-lieu.xlsx": render_xlsx(report),
            "bao-cao.pdf": pdf.result(),
        }


def _paper(
    report: AssignmentReport | FinalAssessment, charts: Mapping[str, bytes], vectors: Mapping[str, bytes]
) -> dict[str, bytes]:
    paper = paper_of(report)
    return {
        "bao-cao.docx": render_paper_docx(paper, charts),
        "bao-cao.pdf": render_paper_pdf(paper, vectors),
        **{name: book().save() for name, book in paper.books.items()},
    }
