"""Đánh dấu: a returned workbook, its faulty cells coloured, a comment in each, and a first sheet that lists them."""

import logging
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Checked, Content
from baocao.workbook.formats.guard import Examined, Kind, examine, is_word, load
from baocao.workbook.formats.package import RefusedError
from baocao.workbook.marking.in_place.elements import UnfitError
from baocao.workbook.marking.in_place.in_place import marked_in_place
from baocao.workbook.marking.marked_cells import clear_marks, mark_cells
from baocao.workbook.marking.marking_error import CannotMarkError
from baocao.workbook.marking.rendition import render_anew
from baocao.workbook.marking.request import Marking
from baocao.workbook.marking.result_sheet import MAX_LISTED, draw_result_sheet, in_order
from baocao.workbook.marking.saving import cached_values, saved
from baocao.workbook.reading.reader import read_workbook

_log = logging.getLogger(__name__)


def mark(marking: Marking, plan: Plan) -> bytes:
    """Mark a workbook; in this process, so for files from outside only within a reader process.

    Faulty cells are filled red (critical) or yellow (warning), carry a comment with what was found, and can be typed
    into even on a protected sheet. A new first sheet «Kết quả kiểm tra» lists every finding, the worst first, with a
    link to its cell. Of a plain .xlsx everything else stays as it is. In others marks of an earlier return are taken
    away before, and the rest of an .xlsx or .xlsm stays as far as openpyxl carries it: formulas with their last values,
    validations, conditional formats, merges, protection, layout; macros are dropped, and the result is an .xlsx. The
    copy must read as the original does; where it does not, where openpyxl fails, and for .xls, .xlsb and .ods, the
    form is written anew from the values as they were read.

    Raises:
        CannotMarkError: the file must not be opened, or cannot be marked and does not say what form it is.
        OSError: the file cannot be read.
    """
    if marking.checked.content.areas:
        return _marked_document(marking)
    own = None if marking.is_fresh else _marked_original(_examined(marking.source), marking.checked, plan)
    return own or _marked_rendition(marking.checked, plan)


def _marked_document(marking: Marking) -> bytes:
    from baocao.workbook.marking.document import marked_document  # noqa: PLC0415 - python-docx, which few need

    try:
        data = load(marking.source)
        if is_word(data):
            return marked_document(data, marking.checked)
    except (RefusedError, ValueError, KeyError) as error:
        raise CannotMarkError(str(error)) from None
    raise CannotMarkError("not the document that was read")


def _examined(source: Path) -> Examined:
    try:
        return examine(load(source))
    except RefusedError as refusal:
        raise CannotMarkError(refusal.finding.message) from None


def _marked_original(examined: Examined, checked: Checked, plan: Plan) -> bytes | None:
    """A marked copy of the sender's own workbook; None where none can be made that reads as the original does."""
    if examined.kind is not Kind.XLSX:
        return None
    title, content = _title(checked.content, plan), checked.content
    for way in (marked_in_place, marked_through_openpyxl):
        copy = _attempted(way, examined, checked, title)
        if copy is not None and (content.form is None or _reads_the_same(copy, content, plan)):
            return copy
    return None


def _attempted(
    way: Callable[[Examined, Checked, str], bytes], examined: Examined, checked: Checked, title: str
) -> bytes | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out
        try:
            return way(examined, checked, title)
        except UnfitError as error:
            _log.debug("this workbook is not marked in place: %s", error)
        except Exception as error:  # noqa: BLE001 - on odd files openpyxl and lxml raise whatever they stumble over
            _log.info("%s cannot carry this workbook: %s: %s", way.__name__, type(error).__name__, error)
    return None


def marked_through_openpyxl(examined: Examined, checked: Checked, title: str) -> bytes:
    """A marked copy of the sender's own workbook, as far as openpyxl carries it; ``title`` says whose report it is."""
    book = load_workbook(BytesIO(examined.data), rich_text=True)
    values = cached_values(book, examined)
    _mark_book(book, checked, title, is_rendition=False)
    return saved(book, values)


def _reads_the_same(data: bytes, content: Content, plan: Plan) -> bool:
    again = read_workbook(data, plan)
    return (again.info, again.tables) == (content.info, content.tables)


def _marked_rendition(checked: Checked, plan: Plan) -> bytes:
    book, ratios, moved = render_anew(checked, plan)
    _mark_book(book, moved, _title(moved.content, plan), is_rendition=True)
    return saved(book, ratios)


def _mark_book(book: Workbook, checked: Checked, title: str, *, is_rendition: bool) -> None:
    clear_marks(book)
    findings = in_order(book, checked.findings)
    mark_cells(book, findings[:MAX_LISTED])
    answers = checked.content.explanations
    draw_result_sheet(book, title, findings, answers, is_rendition=is_rendition)


def _title(content: Content, plan: Plan) -> str:
    """Whose report it is, as far as the file says."""
    form = plan.forms.get(content.form or "")
    unit = plan.unit_by_code.get(content.unit or "")
    what = form.title.capitalize() if form else "Tệp báo cáo"
    when = f" kỳ {content.period.short}" if content.period else ""
    return f"{what}{when}{f' – {unit.name}' if unit else ''}"
