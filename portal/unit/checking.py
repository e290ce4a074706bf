"""Kiểm tra: a file is checked as a collection would check it; nothing is stored, nobody is told."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile
from starlette.responses import Response

from baocao.domain.received.finding import Finding, Severity, place
from baocao.domain.received.submission import Checked, Content
from baocao.isolation.pools import mark_safely
from baocao.site.cells import Cell, Mood, Row, Table, columns, row
from baocao.system.errors import UsageError
from baocao.system.files import safe_name
from baocao.system.names import clean_name
from baocao.workbook.marking.request import Marking
from expectations.single import read_content
from portal.room.people import Person
from portal.room.visit import Visit, attached, missing

_MOODS: dict[Severity, Mood] = {Severity.CRITICAL: "bad", Severity.WARNING: "warn", Severity.INFO: "quiet"}
_MOST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    data: bytes


def sent_file(visit: Visit) -> Sent:
    """The file of the form's field ``tep``; or one that was just checked, by its number in ``da_kiem_tra``.

    Raises:
        UsageError: no file was chosen, it is empty, or the checked one is gone.
    """
    if number := visit.text("da_kiem_tra"):
        kept = visit.house.drawer.get(number, visit.known.address)
        if kept is None:
            raise UsageError("Tệp vừa kiểm tra không còn được giữ (quá 15 phút). Hãy chọn lại tệp rồi nộp.")
        return Sent(kept.name, kept.data)
    file = visit.file("tep")
    if file is None:
        raise UsageError("Chưa chọn tệp. Hãy chọn tệp báo cáo (.xlsx) rồi bấm lại.")
    return _received(file)


def _received(file: UploadFile) -> Sent:
    file.file.seek(0)
    data = file.file.read()
    name = clean_name((file.filename or "").replace("\\", "/").rpartition("/")[2])
    if not data:
        raise UsageError(f"Tệp “{name}” rỗng. Hãy lưu tệp trong Excel, đóng lại rồi chọn lại.")
    return Sent(name, data)


def check(visit: Visit) -> Response:
    """The findings by cell: a page, or the document of ``baocao check --json``."""
    if not visit.known.units and not visit.known.is_coordinator:
        missing()
    sent = sent_file(visit)
    checked = checked_file(visit, sent)
    if visit.wants_json:
        return visit.say(checked.as_row(sent.name))
    number = visit.house.drawer.put(visit.known.address, sent.name, sent.data, checked)
    return visit.show(
        "kiem-tra.html.j2",
        "Kết quả kiểm tra",
        name=sent.name,
        checked=checked,
        critical=checked.count(Severity.CRITICAL),
        warnings=checked.count(Severity.WARNING),
        whose=_whose(visit, checked.content),
        findings=findings_table(checked.findings, f"Nội dung kiểm tra tệp {sent.name}"),
        number=number,
        can_hand_in=bool(visit.known.units),
    )


def checked_file(visit: Visit, sent: Sent) -> Checked:
    """A file read in a process of its own and judged, for the unit that it is allowed to be of."""
    with TemporaryDirectory(prefix="kiem-tra-") as folder:
        path = laid(Path(folder), sent)
        with visit.house.judge.opening:
            content = read_content(visit.workspace, path)
    return visit.house.judge.judge(content, _unit_for(visit.known, content))


def laid(folder: Path, sent: Sent) -> Path:
    """The file on the disk, for the process that opens it."""
    path = folder / safe_name(sent.name)
    path.write_bytes(sent.data)
    return path


def _unit_for(person: Person, content: Content) -> str | None:
    """The unit that the file must be of: its own where that is this person's to see, else this person's own."""
    if person.is_coordinator or content.unit in person.units:
        return content.unit
    return next(iter(person.units), "")


def _whose(visit: Visit, content: Content) -> str:
    """``Sở Công Thương, kỳ 10/2022``, as far as the file says."""
    unit = visit.workspace.plan.unit_by_code.get(content.unit or "")
    parts = (unit.name if unit else "", f"kỳ {content.period.short}" if content.period else "")
    return ", ".join(part for part in parts if part)


def findings_table(findings: tuple[Finding, ...] | list[Finding], caption: str) -> Table:
    """What was found, where first; the page says of how many it says nothing."""
    hidden = len(findings) - _MOST
    return Table(
        caption=caption,
        columns=columns("Vị trí", "Mức", "Nội dung và cách sửa", wide=["Nội dung và cách sửa"]),
        rows=tuple(_finding_row(one) for one in findings[:_MOST]),
        empty="Không có lỗi và không có cảnh báo.",
        more=f"Còn {hidden} nội dung khác, có trong bản đánh dấu." if hidden > 0 else "",
    )


def _finding_row(one: Finding) -> Row:
    return row(place(one), Cell(one.severity.label, mood=_MOODS[one.severity]), one.message)


def marked_copy(visit: Visit) -> Response:
    """The checked workbook with its faulty cells marked; made when it is asked for."""
    kept = visit.house.drawer.get(visit.path("number"), visit.known.address)
    if kept is None or kept.checked is None:
        missing()
    with TemporaryDirectory(prefix="danh-dau-") as folder:
        path = laid(Path(folder), Sent(kept.name, kept.data))
        with visit.house.judge.opening:
            (copy,) = mark_safely(visit.workspace.plan, [Marking(path, kept.checked)])
    if copy is None:
        raise UsageError("Không có bản đánh dấu: tệp không mở được, hoặc không cho biết biểu mẫu, đơn vị, kỳ.")
    return attached(copy, f"danh-dau-{Path(kept.name).stem}.xlsx")
