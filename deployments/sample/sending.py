"""One file that an office lays into its folder, and how it gets there."""

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Occasion
from baocao.workbook.filling import Filled, fill_workbook, open_form

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_LOCK = b"\x14Chuyen vien tong hop".ljust(165)


@dataclass(frozen=True, slots=True)
class Sending:
    """A file at the moment when it is sent (aware, in the plan's zone), for ``{INBOX}/<unit>/<file_name>``.

    ``filled`` is what stands in the form; None for the lock file that a spreadsheet program leaves beside an open
    workbook. ``saved_at`` is when the workbook was saved: two files of one saving are the same bytes. ``planted`` names
    the rules that must send it back; ``story`` says in Vietnamese what is told by it, empty for an ordinary report.
    """

    sent_at: datetime
    unit: str
    period: Period
    file_name: str
    filled: Filled | None
    saved_at: datetime
    planted: tuple[str, ...] = ()
    story: str = ""

    @property
    def is_lock_file(self) -> bool:
        """Whether intake must leave it alone."""
        return self.filled is None


def write(sending: Sending, plan: Plan, path: Path, blank: Path | None = None) -> Path:
    """Write the unit's real blank form of the period, filled, at ``path``; gives the path back.

    ``blank`` is the form that was sent to the unit; without it one is drawn in which nothing is known yet. The same
    arguments give the same bytes. Ratios are values, as Excel would have stored them. Folders are made.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole under a hidden name first: nobody may find a half-written report in the folder.
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(_LOCK if sending.filled is None else _workbook(sending, sending.filled, plan, blank))
    return draft.replace(path)


def _workbook(sending: Sending, filled: Filled, plan: Plan, blank: Path | None) -> bytes:
    form, unit = plan.form_of(sending.period), plan.unit_by_code[sending.unit]
    occasion = Occasion(plan.at(sending.period), form, unit, sending.period, NOTHING_KNOWN)
    book = open_form(blank) if blank is not None else draw_workbook(occasion)
    fill_workbook(book, form, filled, ratios_as_values=True)
    saved = BytesIO()
    book.save(saved)
    return _saved_at(saved.getvalue(), sending.saved_at)


def _saved_at(data: bytes, moment: datetime) -> bytes:
    """The workbook as if saved at that moment: the library stamps each saving with the true time."""
    stamp = moment.astimezone(UTC)
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            info = zipfile.ZipInfo(member.filename, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(info, content)
    return target.getvalue()
