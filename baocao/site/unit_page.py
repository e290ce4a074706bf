"""Trang của đơn vị: every version with its verdict and findings, figures, tasks, difficulties."""

from collections.abc import Sequence
from dataclasses import dataclass

from baocao.domain.finding import Finding, Severity, place
from baocao.domain.outcome import direction, unit_outcome
from baocao.domain.period import Period
from baocao.domain.progress import TaskStatus, UnitFigure
from baocao.domain.submission import Submission, Timeliness, UnitState, Verdict
from baocao.domain.wording import NO_DATA, count_text, date_text, decimal_text, moment_text, percent_text
from baocao.render.tables import SEVERITIES
from baocao.site.cells import (
    Bar,
    Cell,
    Link,
    Mood,
    Row,
    Table,
    Tile,
    columns,
    outcome_cell,
    row,
    state_cell,
    timeliness_cell,
    verdict_cell,
)
from baocao.site.facts import SiteFacts
from baocao.site.page import Page, unit_path
from baocao.site.units import UnitMonth

_MOST_FINDINGS = 50
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
            "tiles": _tiles(facts, unit, period),
            "versions": _versions(facts, unit),
            "judged": list(_judged(facts, unit)),
            "quarantined": _quarantined(facts, unit),
            "period": period,
            "figures": _figures(facts, unit, period) if period else None,
            "tasks": _tasks(facts, unit, period) if period else None,
            "difficulties": _difficulties(facts, unit, period) if period else None,
        },
    )


def _tiles(facts: SiteFacts, unit: str, period: Period | None) -> list[Tile]:
    now = next(one for one in facts.board if one.unit == unit)
    state = state_cell(now.state)
    late = timeliness_cell(now.timeliness).text if now.state is UnitState.ACCEPTED else ""
    closed = [period for period in facts.standings if period != facts.current or not facts.is_open]
    mine = [one for period in closed for one in facts.standings[period] if one.unit == unit]
    tiles = [Tile(state.text, f"kỳ {facts.current.short}", late, state.mood)]
    if mine:
        kept = sum(one.state is UnitState.ACCEPTED and one.timeliness is Timeliness.ON_TIME for one in mine)
        tiles.append(Tile(f"{kept}/{len(mine)}", "kỳ đã khóa sổ nộp đúng hạn"))
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
    return Table(
        caption="Các lần nộp, mới nhất trước",
        columns=columns("Kỳ", "Lần nộp", "Nhận lúc", "Hạn nộp", "Kết quả", "Thời hạn", *numbers[1:], numbers=numbers),
        rows=tuple(
            row(
                one.period.short,
                str(one.version),
                moment_text(facts.local(one.received_at)),
                f"trước {moment_text(facts.local(one.submit_before))}",
                _verdict(facts, one),
                timeliness_cell(one.timeliness),
                str(one.critical),
                str(one.warnings),
            )
            for one in _newest_first(facts, unit)
        ),
        empty="Đơn vị chưa nộp báo cáo nào.",
    )


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
    for one in _newest_first(facts, unit):
        findings = facts.findings.get(one.id, ())
        if findings:
            title = f"Kỳ {one.period.short}, lần nộp {one.version}: {_counted(one)}"
            is_open = not told and one.verdict is not Verdict.ACCEPTED
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
    return row(place(finding), Cell(SEVERITIES[severity.value], mood=_MOODS[severity]), finding.message)


def _returned(facts: SiteFacts, one: Submission) -> Link | None:
    name = f"returned/{one.period}/{one.unit}/v{one.version}.xlsx"
    return Link("Tệp trả lại, đã đánh dấu chỗ sai", f"../../{name}") if (facts.home / name).is_file() else None


def _quarantined(facts: SiteFacts, unit: str) -> Table | None:
    held = facts.quarantined.get(unit, ())
    if not held:
        return None
    return Table(
        caption="Tệp đang tạm giữ, chờ xem",
        columns=columns("Tệp", "Nhận lúc", "Lý do", wide=["Lý do"]),
        rows=tuple(row(one.name, moment_text(facts.local(one.received_at)), one.note) for one in held),
    )


def _figures(facts: SiteFacts, unit: str, period: Period) -> Table:
    given = facts.data.figures[UnitMonth(unit, period)]
    rows: list[Row] = []
    for key, name in facts.plan.indicator_groups.items():
        codes = [
            f
            for one in facts.plan.indicators
            if one.group == key
            for f in facts.plan.figures
            if f.indicator == one.code
        ]
        made = [_figure_row(facts, given[f.code], period) for f in codes if f.code in given]
        if made:
            rows += [Row(heading=name.rstrip(" :")), *made]
    numbers = ("Tử số", "Mẫu số", "Thay đổi")
    headers = ("Chỉ tiêu", "Mục tiêu", "Tử số", "Mẫu số", "Tỷ lệ", "Kết quả", "Thay đổi", "Ghi chú")
    return Table(
        caption=f"Số liệu {period.label} so với kỳ trước",
        columns=columns(*headers, numbers=("Mục tiêu", *numbers), wide=["Chỉ tiêu"]),
        rows=tuple(rows),
    )


def _figure_row(facts: SiteFacts, figure: UnitFigure, period: Period) -> Row:
    known = facts.plan.figure_by_code[figure.code]
    before = facts.data.ratio(figure.unit, period.previous, figure.code)
    name = Cell(f"{figure.code}  {known.name}") if known.is_headline else Cell(known.name, note=figure.code)
    ratio = "" if figure.ratio_pct is None else percent_text(figure.ratio_pct, known.target_pct)
    bar = None
    if figure.ratio_pct is not None:
        bar = Bar(figure.ratio_pct, known.target_pct, before, bool(figure.reached))
    return row(
        name,
        percent_text(known.target_pct),
        count_text(figure.numerator),
        count_text(figure.denominator),
        Cell(ratio, bar=bar),
        outcome_cell(unit_outcome(figure)),
        _change(figure.ratio_pct, before),
        Cell(figure.note, note=figure.evidence),
    )


def _change(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    sign = {1: "+", -1: "-", 0: ""}[direction(now - before)]
    return f"{sign}{decimal_text(abs(now - before))} điểm %" if sign else "0"


def _tasks(facts: SiteFacts, unit: str, period: Period) -> Table:
    names = {one.code: one.verbatim for one in facts.plan.tasks}
    return Table(
        caption=f"Nhiệm vụ, {period.label}",
        columns=columns(
            "Nhiệm vụ", "Chủ trì", "Hạn", "Trạng thái", "Tiến độ", "Sản phẩm", numbers=["Tiến độ"], wide=["Nhiệm vụ"]
        ),
        rows=tuple(
            row(
                Cell(names.get(one.code, one.code), note=one.code),
                one.lead,
                date_text(one.due_date) if one.due_date else "",
                Cell(
                    f"{one.status.value} (quá hạn)"
                    if one.status and one.is_overdue
                    else one.status.value
                    if one.status
                    else NO_DATA,
                    mood="bad" if one.is_overdue else "good" if one.status is TaskStatus.DONE else "",
                ),
                "" if one.progress_pct is None else f"{decimal_text(one.progress_pct)}%",
                Cell(one.product, note=one.note),
            )
            for one in facts.data.tasks.get(UnitMonth(unit, period), [])
        ),
    )


def _difficulties(facts: SiteFacts, unit: str, period: Period) -> Table:
    return Table(
        caption=f"Khó khăn, kiến nghị, {period.label}",
        columns=columns(
            "Khó khăn", "Nguyên nhân", "Kiến nghị", "Cơ quan giải quyết", "Từ kỳ", wide=["Khó khăn", "Kiến nghị"]
        ),
        rows=tuple(
            row(
                Cell(one.difficulty, note="Vượt thẩm quyền của đơn vị" if one.is_beyond_authority else ""),
                one.cause,
                one.proposal,
                one.settled_by,
                one.since.short if one.since else "",
            )
            for one in facts.data.difficulties.get(UnitMonth(unit, period), [])
        ),
        empty="Đơn vị không nêu khó khăn nào.",
    )
