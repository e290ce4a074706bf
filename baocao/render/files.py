"""A report on disk: every file of one version, there in full or not at all."""

import errno
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from baocao.domain.assessment import FinalAssessment
from baocao.domain.assignment import AssignmentReport
from baocao.domain.report import Report
from baocao.domain.telling import AnyReport
from baocao.errors import OutsideServiceError
from baocao.files import write_atomically
from baocao.render.charts import render_charts
from baocao.render.docx import render_docx
from baocao.render.html import mail_charts, render_page
from baocao.render.papers import paper_of
from baocao.render.papers.docx import render_paper_docx
from baocao.render.papers.pdf import render_paper_pdf
from baocao.render.pdf import render_pdf
from baocao.render.xlsx import render_xlsx

_STALE_SECONDS = 3600


def render_all(report: AnyReport, folder: Path, more: Mapping[str, bytes] | None = None) -> dict[str, Path]:
    """Write the report's files into this folder; gives their paths by file name (``bieu-do/chi-tieu.png``).

    ``more`` are files by name that belong beside them.

    The files are written beside the folder and moved into place at the end, so that a kill or a full disk leaves no
    half report. Called again, it replaces what is there.

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    contents = {**_contents(report), **(more or {})}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        beside = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        try:
            for name, content in contents.items():
                write_atomically(beside / "new" / name, content)
            _swap(beside / "new", folder, beside)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutsideServiceError(
            f"Không ghi được báo cáo vào {folder}: {reason}. Hãy kiểm tra dung lượng và quyền ghi của đĩa rồi chạy lại."
        ) from error
    return {name: folder / name for name in contents}


def _contents(report: AnyReport) -> dict[str, bytes]:
    charts = {} if isinstance(report, AssignmentReport) else render_charts(report)
    vectors = {} if isinstance(report, AssignmentReport) else render_charts(report, "svg")
    in_mail = tuple(name for name in mail_charts(report) if name in charts)
    documents = _month(report, charts, vectors) if isinstance(report, Report) else _paper(report, charts, vectors)
    return {
        **documents,
        "thu.html": render_page(report, in_mail).encode("utf-8"),
        **{f"bieu-do/{name}.png": content for name, content in charts.items()},
    }


def _month(report: Report, charts: Mapping[str, bytes], vectors: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        "bao-cao.docx": render_docx(report, charts),
        "bao-cao.pdf": render_pdf(report, vectors),
        "so-lieu.xlsx": render_xlsx(report),
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


def _prefix(folder: Path) -> str:
    return f".{folder.name}."


def _swap(new: Path, folder: Path, beside: Path) -> None:
    """Put the new folder in the old one's place, even where another run does the same at the same time."""
    for attempt in count():
        try:
            new.rename(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
        with suppress(FileNotFoundError):
            folder.rename(beside / f"old-{attempt}")


def _sweep(folder: Path) -> None:
    """Remove what a killed run left beside the folder long ago."""
    for left in folder.parent.glob(f"{_prefix(folder)}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
