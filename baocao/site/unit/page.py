"""Trang của đơn vị: every version with its verdict and findings, figures, tasks, difficulties."""

from collections.abc import Sequence
from dataclasses import dataclass

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity, place
from baocao.domain.received.submission import Submission, UnitState, Verdict
from baocao.domain.reported.progress import TaskStatus, UnitFigure
from baocao.domain.reported.standing import tally
from baocao.domain.wording import count_text, date_text, moment_text
from baocao.site.cells import (
    Cell,
    Link,
    Mood,
    Row,
    Table,
    Tile,
    columns,
    row,
    state_cell,
    timeliness_cell,
    verdict_cell,
)
from baocao.site.facts import SiteFacts
from baocao.site.page import Page, unit_path
from baocao.site.unit.tables import difficulty_table, figure_table, task_table
from baocao.site.units import UnitMonth

_MOST_FINDINGS = 50
_MOST_IN_MENU = 12
_MOODS: dict[Severity, Mood] = {Severity.CRITICAL: "bad", Severity.WARNING: "warn", Severity.INFO: "quiet"}


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings on one version; ``returned`` is the marked copy that went back."""

    title: str
    is_open: bool
    findings: Table
    returned: Link | None


def unit_page(facts: SiteFacts, unit: str) -> Page:
    """One unit's page."""
    period = facts.data.newest(unit)
    return Page(
        path=unit_path(unit),
        template="don-vi.html.j2",
        title=facts.plan.unit_by_code[unit].name,
        context={
            "unit": unit,
            "others": _others(facts, unit),
            "tiles": _tiles(facts, unit, period),
            "versions": _versions(facts, unit),
            "judged": list(_judged(facts, unit)),
            "quarantined": _quarantined(facts, unit),
            "period": period,
            "figures": figure_table(facts, unit, period) if period else None,
            "tasks": task_table(facts, unit, period) if period else None,
            "difficulties": difficulty_table(facts, unit, period) if period else None,
        },
    )


def _others(facts: SiteFacts, unit: str) -> list[Link]:
    """The other units' pages, where they are few enough for a menu."""
    if len(facts.units) > _MOST_IN_MENU:
        return []
    return [Link(facts.plan.unit_by_code[one].name, f"{one}.html") for one in facts.units if one != unit]


def _tiles(facts: SiteFacts, unit: str, period: Period | None) -> list[Tile]:
    now = next((one for one in facts.board if one.unit == unit), None)
    state = state_cell(now.state) if now else Cell("Không thuộc kỳ này", mood="quiet")
    late = timeliness_cell(now.timeliness).text if now and now.state is UnitState.ACCEPTED else ""
    closed = [period for period in facts.standings if period != facts.current or not facts.is_open]
    mine = [one for period in closed for one in facts.standings[period] if one.unit == unit]
    tiles = [Tile(state.text, f"kỳ {facts.current.short}", late, state.mood)]
    if mine:
        tiles.append(Tile(f"{tally(mine).on_time}/{len(mine)}", "kỳ đã khóa sổ nộp đúng hạn"))
    if period is None:
        return tiles
    judged = [one.reached for one in _headlines(facts, unit, period) if one.reached is not None]
    tasks = [one for one in facts.data.tasks.get(UnitMonth(unit, period), []) if one.status]
    counted = [one for one in tasks if one.status is not TaskStatus.NOT_APPLICABLE]
    done = sum(one.status is TaskStatus.DONE for one in counted)
    note = f"kỳ {period.short}"
    return [
        *tiles,
        Tile(f"{sum(judged)}/{len(judged)}", "chỉ tiêu đạt", note),
        Tile(f"{done}/{len(counted)}", "đầu việc hoàn thành", note),
    ]


def _headlines(facts: SiteFacts, unit: str, period: Period) -> list[UnitFigure]:
    given = facts.data.figures[UnitMonth(unit, period)]
    return [given[one.code] for one in facts.plan.indicators if one.code in given]


def _versions(facts: SiteFacts, unit: str) -> Table:
    numbers = ("Lần nộp", "Lỗi", "Cảnh báo")
    rows = [(one.period, _version_row(facts, one)) for one in _newest_first(facts, unit)]
    rows += [(period, _missed_row(facts, period)) for period in _missed(facts, unit)]
    return Table(
        caption="Các lần nộp, mới nhất trước",
        columns=columns("Kỳ", "Lần nộp", "Nhận lúc", "Hạn nộp", "Kết quả", "Thời hạn", *numbers[1:], numbers=numbers),
        rows=tuple(cells for _, cells in sorted(rows, key=lambda one: one[0], reverse=True)),
        empty="Đơn vị chưa nộp báo cáo nào.",
    )


def _version_row(facts: SiteFacts, one: Submission) -> Row:
    return row(
        one.period.short,
        str(one.version),
        moment_text(facts.local(one.received_at)),
        f"trước {moment_text(facts.local(one.submit_before))}",
        _verdict(facts, one),
        timeliness_cell(one.timeliness),
        str(one.critical),
        str(one.warnings),
    )


def _missed(facts: SiteFacts, unit: str) -> list[Period]:
    """The months that have closed and of which the unit sent nothing."""
    return [
        period
        for period, rows in facts.standings.items()
        if facts.is_over(period) and any(one.unit == unit and one.state is UnitState.MISSING for one in rows)
    ]


def _missed_row(facts: SiteFacts, period: Period) -> Row:
    deadline = moment_text(facts.local(facts.calendar[period].submit_before))
    return row(period.short, "", "", f"trước {deadline}", Cell("Không nộp", mood="bad"), "", "", "")


def _newest_first(facts: SiteFacts, unit: str) -> Sequence[Submission]:
    return sorted(facts.submissions.get(unit, ()), key=lambda one: (one.period, one.version), reverse=True)


def _verdict(facts: SiteFacts, one: Submission) -> Cell:
    cell = verdict_cell(one.verdict)
    if one.decided_by is None or one.decided_at is None:
        return cell
    when = date_text(facts.local(one.decided_at).date())
    return Cell(cell.text, f"{one.decided_by} quyết định ngày {when}: {one.decision_reason}", mood=cell.mood)


def _judged(facts: SiteFacts, unit: str) -> Sequence[Judged]:
    told: list[Judged] = []
    ordered = _newest_first(facts, unit)
    for one in ordered:
        findings = facts.findings.get(one.id, ())
        if findings:
            title = f"Kỳ {one.period.short}, lần nộp {one.version}: {_counted(one)}"
            is_open = one is ordered[0] and one.verdict is not Verdict.ACCEPTED
            told.append(Judged(title, is_open, _findings(one, findings), _returned(facts, one)))
    return told


def _counted(one: Submission) -> str:
    parts = [(one.critical, "lỗi"), (one.warnings, "cảnh báo")]
    return ", ".join(f"{count_text(number)} {noun}" for number, noun in parts if number) or "lưu ý"


def _findings(one: Submission, findings: Sequence[Finding]) -> Table:
    hidden = len(findings) - _MOST_FINDINGS
    return Table(
        caption=f"Nội dung kiểm tra kỳ {one.period.short}, lần nộp {one.version}",
        columns=columns("Vị trí", "Mức", "Nội dung", wide=["Nội dung"]),
        rows=tuple(_finding_row(finding) for finding in findings[:_MOST_FINDINGS]),
        more=f"Còn {count_text(hidden)} nội dung khác; xem thư trả lời." if hidden > 0 else "",
    )


def _finding_row(finding: Finding) -> Row:
    severity = finding.severity
    return row(place(finding), Cell(severity.label, mood=_MOODS[severity]), finding.message)


def _returned(facts: SiteFacts, one: Submission) -> Link | None:
    names = (f"returned/{one.period}/{one.unit}/v{one.version}{suffix}" for suffix in (".xlsx", ".docx"))
    name = next((name for name in names if (facts.home / name).is_file()), None)
    return Link("Tệp trả lại, đã đánh dấu chỗ sai", f"../../{name}") if name else None


def _quarantined(facts: SiteFacts, unit: str) -> Table | None:
    held = facts.quarantined.get(unit, ())
    if not held:
        return None
    return Table(
        caption="Tệp đang tạm giữ, chờ xem",
        columns=columns("Tệp", "Nhận lúc", "Lý do", texts=["Tệp"], wide=["Lý do"]),
        rows=tuple(row(one.name, moment_text(facts.local(one.received_at)), one.note) for one in held),
    )
