"""An official form tried out: filled with sample figures, and made a picture where LibreOffice is there."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from baocao.domain.planned.form import Form, FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.plan.loading import load_form
from baocao.system.errors import UsageError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.filling import Filled, fill_form
from deployments.sample.office import Office
from deployments.sample.writing.contents import assignment_content, final_content, month_content

SAMPLES = "xem-thu"
"""The folder, beside the forms, of what was tried out."""
_PATIENCE = 120
_PPI = 110
_PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("m.pdf", width: 297mm)\n'


def with_forms(plan: Plan, folder: Path) -> Plan:
    """The plan with the forms of a folder in place of its own.

    Raises:
        PlanError: a form does not hold together. UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"Không có thư mục {folder}; hãy kiểm tra lại đường dẫn.")
    own = {path.stem: load_form(path) for path in sorted(folder.glob("*.yaml"))}
    fields = {name: getattr(plan, name) for name in Plan.model_fields}
    return Plan(**{**fields, "forms": {**plan.forms, **own}})


def write_sample(plan: Plan, form: Form, folder: Path) -> Path:
    """The form of the first unit in its first period, filled with sample figures.

    Raises:
        UsageError: no period of the plan is reported with this form.
    """
    period = next((one for one in plan.periods if plan.form_of(one).key == form.key), None)
    if period is None:
        raise UsageError(f"Kế hoạch không có kỳ nào dùng biểu mẫu “{form.key}”.")
    folder.mkdir(exist_ok=True)
    path = folder / f"{form.key}.xlsx"
    write_blank(plan, form, plan.units[0], period, NOTHING_KNOWN, path)
    fill_form(path, path, form, _content(plan, form, period), ratios_as_values=True)
    return path


def _content(plan: Plan, form: Form, period: Period) -> Filled:
    office = Office(plan, plan.units[0], 0)
    cutoff = plan.cycle(period).submit_day(period)
    if form.kind is FormKind.FINAL:
        return final_content(office, cutoff)
    make = assignment_content if form.kind is FormKind.ASSIGNMENT else month_content
    return make(office, period, cutoff)


def picture(book: Path) -> list[Path]:
    """The workbook as a PDF, and its first page as a PNG; nothing where LibreOffice is not there, or fails."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return []
    with TemporaryDirectory() as profile:
        command = [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", "--outdir"]
        try:
            subprocess.run(  # noqa: S603 - LibreOffice on a file of our own
                [*command, str(book.parent), str(book)], check=True, capture_output=True, timeout=_PATIENCE
            )
        except (subprocess.SubprocessError, OSError):
            return []
    pdf, page = book.with_suffix(".pdf"), book.with_suffix(".png")
    page.write_bytes(_first_page(pdf))
    return [pdf, page]


def _first_page(pdf: Path) -> bytes:
    with TemporaryDirectory() as folder:
        shutil.copyfile(pdf, Path(folder) / "m.pdf")
        source = Path(folder) / "m.typ"
        source.write_text(_PAGE)
        return bytes(typst.compile(str(source), format="png", ppi=_PPI))
