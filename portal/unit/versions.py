"""Các lần nộp: a unit's versions of one period, what was found in each, what changed; its explanations."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from baocao.decisions import explanations, more_time
from baocao.decisions.signing import BY_HAND, sign
from baocao.decisions.versions import Listed, compare, list_versions
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Verdict
from baocao.domain.signature import Channel
from baocao.domain.wording import decimal_text
from baocao.site.cells import Cell, Row, Table, columns, row, timeliness_cell, verdict_cell
from baocao.store import decisions
from baocao.store.engine.database import reading
from baocao.store.submissions import findings_of
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.admission import opened_periods
from portal.room.visit import Visit, attached, go_to, missing
from portal.unit.checking import findings_table

_CHANGES = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in one version; ``returned`` is where its marked copy lies, empty where there is none."""

    title: str
    version: int
    verdict: Verdict
    findings: Table
    returned: str
    is_last: bool


def show(visit: Visit) -> Response:
    """A unit's page for one period."""
    unit, period = _whose(visit)
    listed = [one for one in list_versions(visit.workspace, period) if one.submission.unit == unit]
    schedule = visit.workspace.schedule(period)
    with reading(visit.workspace.engine) as connection:
        deadline = decisions.extended_deadlines(connection).get((unit, str(period)), schedule.submit_before)
    return visit.show(
        "don-vi-ky.html.j2",
        f"{visit.workspace.plan.unit_by_code[unit].name}, kỳ {period.short}",
        unit=unit,
        period=period,
        deadline=deadline,
        versions=_versions(visit, listed),
        judged=_judged(visit, listed),
        changes=_changes(visit, unit, period, listed),
        questions=_questions(visit, unit, period),
        listed=list(reversed(listed)),
        until=_input_time(visit, deadline),
        asked=next(
            (one for one in more_time.waiting(visit.workspace) if (one.unit, one.period) == (unit, period)), None
        ),
        periods=list(reversed(opened_periods(visit.workspace, visit.clock))),
    )


def _whose(visit: Visit) -> tuple[str, Period]:
    unit = visit.path("unit")
    if unit not in visit.workspace.plan.unit_by_code or not visit.known.may_see(unit):
        missing()
    return unit, visit.period()


def _input_time(visit: Visit, moment: datetime) -> str:
    return f"{visit.workspace.local(moment):%Y-%m-%dT%H:%M}"


def _versions(visit: Visit, listed: list[Listed]) -> Table:
    return Table(
        caption="Các lần nộp",
        columns=columns("Lần", "Kết quả", "Thời hạn", "Nhận lúc", "Đang được tính"),
        rows=tuple(_version_row(visit, one) for one in reversed(listed)),
        empty="Chưa nhận được lần nộp nào cho kỳ này.",
    )


def _version_row(visit: Visit, one: Listed) -> Row:
    sent = one.submission
    verdict = verdict_cell(sent.verdict)
    if sent.decided_by:
        verdict = Cell(verdict.text, f"{sent.decided_by} quyết định: {sent.decision_reason}", mood=verdict.mood)
    received = f"{visit.workspace.local(sent.received_at):%H:%M ngày %d/%m/%Y}"
    counts = Cell("có", mood="good") if one.is_effective else Cell("không", mood="quiet")
    return row(f"Lần {sent.version}", verdict, timeliness_cell(sent.timeliness), received, counts)


def _judged(visit: Visit, listed: list[Listed]) -> list[Judged]:
    with reading(visit.workspace.engine) as connection:
        found = findings_of(connection, [one.submission.id for one in listed])
    return [
        Judged(
            title=f"Lần {one.submission.version}: {one.submission.critical} lỗi, {one.submission.warnings} cảnh báo",
            version=one.submission.version,
            verdict=one.submission.verdict,
            findings=findings_table(found[one.submission.id], f"Nội dung kiểm tra lần {one.submission.version}"),
            returned=_returned(visit, one),
            is_last=one is listed[-1],
        )
        for one in reversed(listed)
        if found.get(one.submission.id)
    ]


def _returned(visit: Visit, one: Listed) -> str:
    sent = one.submission
    is_there = visit.workspace.returned_copy(sent.period, sent.unit, sent.version) is not None
    return f"/don-vi/{sent.unit}/{sent.period}/tra-lai/{sent.version}" if is_there else ""


def _changes(visit: Visit, unit: str, period: Period, listed: list[Listed]) -> Table | None:
    """What the last version changed against the one before."""
    if len(listed) < 2:
        return None
    try:
        difference = compare(visit.workspace, unit, period)
    except NotDueError:
        return None
    hidden = len(difference.changes) - _CHANGES
    return Table(
        caption=f"Thay đổi từ lần {difference.first.version} sang lần {difference.second.version}",
        columns=columns("Trang", "Dòng", "Cột", "Trước", "Sau", texts=["Trước", "Sau"]),
        rows=tuple(
            row(one.sheet, one.row, one.column, _plain(one.before), _plain(one.after))
            for one in difference.changes[:_CHANGES]
        ),
        empty="Hai lần nộp cuối không khác nhau về số liệu.",
        more=f"Còn {hidden} thay đổi khác." if hidden > 0 else "",
    )


def _plain(value: object) -> str:
    if isinstance(value, float):
        return decimal_text(value, 2)
    return "" if value is None else str(value)


def _questions(visit: Visit, unit: str, period: Period) -> list[explanations.Listed]:
    """The warnings of the last version that a unit can explain."""
    found = explanations.listed(visit.workspace, period, unit)
    return [one for one in found if one.finding.severity is Severity.WARNING]


def returned_copy(visit: Visit) -> Response:
    """The marked copy that went back with an answer."""
    unit, period = _whose(visit)
    version = int(visit.path("version"))
    path = visit.workspace.returned_copy(period, unit, version)
    if path is None:
        missing()
    return attached(path.read_bytes(), f"tra-lai-{unit}-{period}-lan-{version}{path.suffix}")


def explain(visit: Visit) -> Response:
    """Keep what a unit says to a warning, signed with the session's name."""
    number, period = visit.text("number"), visit.period(visit.text("period"))
    unit = number.rsplit("-", 4)[0]
    if not visit.known.may_see(unit):
        missing()
    signed = sign(visit.known.name, "Đơn vị giải trình", visit.clock, Channel.WINDOW, BY_HAND)
    explanations.explain(visit.workspace, period, number, visit.text("text"), signed)
    if visit.wants_json:
        return visit.say({"number": number, "explanation": visit.text("text")})
    return go_to(f"/don-vi/{unit}/{period}#giai-trinh")


def ask_for_time(visit: Visit) -> Response:
    """Keep a unit's request for more time, signed with the session's name."""
    unit, period = visit.text("unit"), visit.period(visit.text("period"))
    if unit not in visit.known.units:
        missing()
    try:
        until = datetime.fromisoformat(visit.text("until"))
    except ValueError:
        raise UsageError("Hạn xin phải là ngày và giờ, ví dụ 21/10/2022 17:00.") from None
    signed = sign(visit.known.name, visit.text("reason"), visit.clock, Channel.WINDOW, more_time.ASKING)
    more_time.ask(visit.workspace, unit, period, until, signed)
    visit.house.later(visit.house.postman.deliver)
    if visit.wants_json:
        return visit.say({"unit": unit, "until": until.isoformat()})
    return go_to(f"/don-vi/{unit}/{period}#gia-han")
