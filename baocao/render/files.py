"""A report on disk: every file of one version, there in full or not at all."""

import errno
import shutil
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from baocao.domain.report import Report
from baocao.errors import OutsideServiceError
from baocao.files import write_atomically
from baocao.render.charts import render_charts
from baocao.render.docx import render_docx
from baocao.render.html import MAIL_CHARTS, render_page
from baocao.render.pdf import render_pdf
from baocao.render.xlsx import render_xlsx

_STALE_SECONDS = 3600


def render_all(report: Report, folder: Path) -> dict[str, Path]:
    """Write the report's files into this folder; gives their paths by file name (``bieu-do/chi-tieu.png``).

    The files are written beside the folder and moved into place at the end, so that a kill or a full disk leaves no
    half report. Called again, it replaces what is there.

    Raises:
        OutsideServiceError: the files could not be written (disk full, no permission); nothing is left behind.
    """
    contents = _contents(report)
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


def _contents(report: Report) -> dict[str, bytes]:
    charts = render_charts(report)
    in_mail = tuple(name for name in MAIL_CHARTS if name in charts)
    return {
        "bao-cao.docx": render_docx(report, charts),
        "bao-cao.pdf": render_pdf(report, render_charts(report, "svg")),
        "so-lieu.xlsx": render_xlsx(report),
        "thu.html": render_page(report, in_mail).encode("utf-8"),
        **{f"bieu-do/{name}.png": content for name, content in charts.items()},
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
