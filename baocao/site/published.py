"""Báo cáo: every version that went out, with its files."""

from dataclasses import dataclass
from pathlib import Path

from baocao.consolidation.restatement import changes
from baocao.domain.planned.period import Period
from baocao.domain.wording import decimal_text, moment_text
from baocao.site.cells import Cell, Link, Table, columns, row
from baocao.site.facts import SiteFacts
from baocao.site.page import Page
from baocao.store.reports import ReportRecord, ReportState

_FILES = {
    "bao-cao-da-ky.pdf": "Báo cáo đã ký số (PDF)",
    "bao-cao.pdf": "Báo cáo (PDF)",
    "bao-cao.docx": "Báo cáo (Word)",
    "so-lieu.xlsx": "Số liệu (Excel)",
    "thu.html": "Thư báo cáo",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a report as it is shown; ``mark`` is «Đính chính lần 1», ``files`` is empty until it is out."""

    period: Period
    kind: str
    version: int
    mark: str
    state: str
    is_out: bool
    files: tuple[Link, ...]
    changes: Table | None


def reports_page(facts: SiteFacts) -> Page:
    """The page of reports, the newest first."""
    versions = [_published(facts, one) for one in reversed(facts.reports)]
    periods = list(dict.fromkeys(one.period for one in versions))
    return Page(
        path="bao-cao.html",
        template="bao-cao.html.j2",
        title="Báo cáo đã phát hành",
        context={"periods": [(one, [v for v in versions if v.period == one]) for one in periods]},
    )


def latest_published(facts: SiteFacts) -> Published | None:
    """The newest report that is out."""
    out = [one for one in facts.reports if one.state is ReportState.PUBLISHED]
    return _published(facts, out[-1]) if out else None


def _published(facts: SiteFacts, record: ReportRecord) -> Published:
    is_out = record.state is ReportState.PUBLISHED
    return Published(
        period=record.period,
        kind=facts.plan.form_of(record.period).kind.report_name,
        version=record.version,
        mark=f"Đính chính lần {record.version - 1}" if record.version > 1 else "",
        state=_state(facts, record),
        is_out=is_out,
        files=_files(facts.home, record) if is_out else (),
        changes=_changes(facts, record) if record.version > 1 else None,
    )


def _state(facts: SiteFacts, record: ReportRecord) -> str:
    if record.state is ReportState.PUBLISHED and record.sent_at:
        approved = f", {record.decided_by} duyệt" if record.decided_by else ""
        return f"Phát hành lúc {moment_text(facts.local(record.sent_at))}{approved}"
    return record.state.label.capitalize()


def _files(home: Path, record: ReportRecord) -> tuple[Link, ...]:
    folder = Path("reports", str(record.period), f"v{record.version}")
    found = [(name, home / folder / name) for name in _FILES if (home / folder / name).is_file()]
    return tuple(
        Link(_FILES[name], f"../{(folder / name).as_posix()}", _size(path.stat().st_size)) for name, path in found
    )


def _size(size: int) -> str:
    return f"{decimal_text(size / 1_000_000)} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def _changes(facts: SiteFacts, record: ReportRecord) -> Table | None:
    before = [one for one in facts.reports if one.period == record.period and one.version == record.version - 1]
    if not before or record.state is not ReportState.PUBLISHED:
        return None
    return Table(
        caption=f"Số liệu đính chính lần {record.version - 1}, kỳ {record.period.short}",
        columns=columns("Mã", "Chỉ tiêu", "Đã công bố", "Nay là", wide=["Chỉ tiêu"]),
        rows=tuple(
            row(one.code, one.name, one.published, Cell(one.corrected))
            for one in changes(before[0].figures, record.figures)
        ),
        empty="Không có số tổng hợp nào thay đổi.",
    )
