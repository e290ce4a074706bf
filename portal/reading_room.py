"""Phòng đọc: reports as PDF, Word and workbook, for those whom the plan sends them to."""

from pathlib import Path

from starlette.responses import FileResponse, Response

from baocao.domain.planned.form import FormKind
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.wording import date_text
from baocao.reporting.signed.release import register
from baocao.site.cells import Cell, Link, Row, Table, columns, row
from baocao.store import reports
from baocao.store.engine.database import reading
from baocao.store.reports import ReportRecord, ReportState
from portal.room.pictures import picture
from portal.room.visit import Visit, missing

FILES = {"bao-cao.pdf": "PDF", "bao-cao.docx": "Word", "so-lieu.xlsx": "Excel"}


def show(visit: Visit) -> Response:
    """Every version that this person may read, the newest first."""
    with reading(visit.workspace.engine) as connection:
        records = [one for one in reversed(reports.every(connection)) if _may_read(visit, one)]
    return visit.show(
        "bao-cao-doc.html.j2",
        "Báo cáo",
        table=_table(visit, records),
        files=_files(visit, records),
        register=_register(visit),
    )


def _may_read(visit: Visit, record: ReportRecord) -> bool:
    """Before it is published, those who decide on it; then its readers, by what the plan mails to whom."""
    roles = visit.known.roles
    if visit.known.may_see_all:
        return True
    if record.state is not ReportState.PUBLISHED:
        return False
    is_budget = visit.workspace.plan.form_of(record.period).kind is FormKind.ASSIGNMENT
    is_copied = bool(visit.known.units) and visit.workspace.plan.is_report_copied_to_units
    return RecipientRole.REPORT in roles or is_copied or (is_budget and RecipientRole.BUDGET in roles)


def _table(visit: Visit, records: list[ReportRecord]) -> Table:
    return Table(
        caption="Các báo cáo",
        columns=columns("Báo cáo", "Lần", "Tình trạng"),
        rows=tuple(_row(visit, one) for one in records),
        empty="Chưa có báo cáo nào.",
    )


def _row(visit: Visit, one: ReportRecord) -> Row:
    kind = visit.workspace.plan.form_of(one.period).kind.report_name
    is_out = one.state is ReportState.PUBLISHED
    when = f"lúc {visit.workspace.local(one.sent_at):%H:%M ngày %d/%m/%Y}" if one.sent_at else ""
    state = Cell(one.state.label.capitalize(), when, mood="good" if is_out else "warn")
    return row(Cell(f"{kind}, kỳ {one.period.short}"), str(one.version), state)


def _files(visit: Visit, records: list[ReportRecord]) -> list[tuple[str, list[Link]]]:
    return [(f"Kỳ {one.period.short}, lần {one.version}", links) for one in records if (links := links_of(visit, one))]


def links_of(visit: Visit, one: ReportRecord) -> list[Link]:
    """The files of a report that are there."""
    folder = visit.workspace.report_folder(one.period, one.version)
    here = f"/bao-cao/{one.period}/{one.version}"
    return [Link(text, f"{here}/{name}") for name, text in FILES.items() if (folder / name).is_file()]


def file(visit: Visit) -> Response:
    """One file of a report."""
    name = visit.path("name")
    if name not in FILES:
        missing()
    path = _readable(visit, name)
    shown = f"{path.stem}-{visit.period()}-lan-{visit.path('version')}{path.suffix}"
    return FileResponse(path, filename=shown)


def page(visit: Visit) -> Response:
    """One page of a report as a picture."""
    try:
        return Response(picture(_readable(visit, "bao-cao.pdf"), int(visit.path("number"))), media_type="image/png")
    except LookupError:
        missing()


def _readable(visit: Visit, name: str) -> Path:
    """A file of the report that is asked for, where this person may read it."""
    period, version = visit.period(), int(visit.path("version"))
    with reading(visit.workspace.engine) as connection:
        found = [one for one in reports.every(connection) if (one.period, one.version) == (period, version)]
    path = visit.workspace.report_folder(period, version) / name
    if not found or not _may_read(visit, found[0]) or not path.is_file():
        missing()
    return path


def _register(visit: Visit) -> Table | None:
    """The numbers of signed reports, where any went out and this person decides on some."""
    found = register(visit.workspace) if visit.known.may_see_all else []
    if not found:
        return None
    return Table(
        caption="Sổ văn bản đã phát hành",
        columns=columns("Số", "Ngày", "Trích yếu", "Người ký", wide=["Trích yếu"]),
        rows=tuple(
            row(one.number, date_text(one.dated), one.subject, ", ".join(name for name, _ in one.signers))
            for one in reversed(found)
        ),
    )
