"""Kế hoạch tiếp theo: a plan made from a plan. Pure: the texts of its files in, the texts of the new files out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baocao.domain.planned.period import Period, periods_between
from baocao.domain.reported.assessment import FinalAssessment, Proposal, Recommendation
from baocao.narrative.phrases import bare
from baocao.plan.loading import PARTS, read_part
from baocao.plan.yaml_text import Place, YamlText
from baocao.system.errors import PlanError, reason_of

Sources = Mapping[str, str]
"""The texts of a plan's files by name (``plan.yaml``, ``forms/thang.yaml``)."""

ROLLOUT_FOLDER = "ke-hoach-nhan-rong"
REFUSED = "CHUA-LAP.txt"
_MONTHS_TO_PREPARE = 2
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_YEARS = re.compile(r"-\d{4}(-\d{2})?$")
_NEXT_MONTH = "{day: 1, months_after: 1}"


def read_sources(folder: Path) -> dict[str, str]:
    """The texts of the files that make the plan in this folder.

    Raises:
        PlanError: a file is missing or is no UTF-8.
    """
    names = [*PARTS, *(f"forms/{path.name}" for path in sorted((folder / "forms").glob("*.yaml")))]
    return {name: read_part(folder / name) for name in names}


def read_templates(folder: Path) -> dict[str, bytes]:
    """The official files of adopted forms, which go with the texts of :func:`read_sources`.

    Raises:
        PlanError: one cannot be read.
    """
    try:
        paths = (path for path in sorted((folder / "forms").glob("*.*")) if path.suffix in (".xlsx", ".docx"))
        return {f"forms/{path.name}": path.read_bytes() for path in paths}
    except OSError as error:
        raise PlanError(f"{folder}: không đọc được biểu mẫu chính thức: {reason_of(error)}") from error


def moved_plan(sources: Sources, start: Period) -> dict[str, str]:
    """The same plan with all its dates moved by whole months, so that its first period is ``start``.

    Cycles, pilot, milestones and due dates move; the last day of a month stays a last day. Days off of the old years
    are dropped. Dates within sentences are not touched; where they stand is said in the plan's remarks. The code
    gets the new start, because a database belongs to one plan.
    """
    plan, tasks = YamlText(sources["plan.yaml"]), YamlText(sources["tasks.yaml"])
    months = _months(_first_period(plan), start)
    for text in (plan, tasks):
        for place, value in text.scalars():
            if moved := _moved(place, value, months):
                text.replace_raw(place, moved)
    _move_cycles(plan, months)
    if plan.has(("calendar", "overrides")):
        plan.replace_raw(("calendar", "overrides"), "{}")
    plan.replace(("code",), f"{_YEARS.sub('', plan.value(('code',)) or '')}-{start}")
    _remark(plan, [*_left_in_words(sources), "Kế hoạch lập từ một kế hoạch khác: hãy sửa tên, đơn vị, nơi nhận."])
    return {**sources, "plan.yaml": plan.changed(), "tasks.yaml": tasks.changed()}


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the roll-out changes in the plan's own words."""

    report: FinalAssessment
    start: Period


def rollout_files(sources: Sources, report: FinalAssessment) -> dict[str, str]:
    """The files of :func:`rollout_draft`; where it is refused, one file that says why.

    A report goes out beside either.
    """
    try:
        return rollout_draft(sources, report)
    except PlanError as error:
        return {REFUSED: f"{error}\n"}


def rollout_draft(sources: Sources, report: FinalAssessment) -> dict[str, str]:
    """A plan for the roll-out, from the pilot's plan and its final assessment; ``plan check`` accepts it.

    Indicators that are to be dropped are taken out, those to be adjusted keep the adjustments as a note; units and
    recipients stay until the coordinator edits them. It begins two months after the final assessment.

    Raises:
        PlanError: every indicator is to be dropped, so that no plan is left.
    """
    if all(one.proposal is Proposal.DROP for one in report.recommendations):
        raise PlanError(
            "Chưa lập dự thảo kế hoạch nhân rộng: mọi chỉ tiêu đều được đa số đơn vị đề xuất bỏ, kế hoạch không còn "
            "chỉ tiêu nào. Hãy xem lại đề xuất của các đơn vị trong báo cáo tổng kết rồi lập kế hoạch bằng lệnh "
            "baocao plan new."
        )
    draft = _Draft(report, report.period.shift(_MONTHS_TO_PREPARE))
    moved = moved_plan(sources, draft.start)
    return {
        **moved,
        "plan.yaml": _plan_text(moved["plan.yaml"], draft),
        "indicators.yaml": _indicators_text(moved["indicators.yaml"], report.recommendations),
    }


def _first_period(plan: YamlText) -> Period:
    return min(Period.parse(value) for place, value in plan.scalars() if _is_cycle_end(place) and place[-1] == "first")


def _is_cycle_end(place: Place) -> bool:
    return place[:2] == ("calendar", "cycles") and len(place) == 4 and place[-1] in ("first", "last")


def _months(first: Period, start: Period) -> int:
    return (start.year - first.year) * 12 + start.month - first.month


def _moved(place: Place, value: str, months: int) -> str:
    """The date or month at a place, moved; empty where it is neither."""
    if _is_cycle_end(place):
        return str(Period.parse(value).shift(months))
    return moved_day(date.fromisoformat(value), months).isoformat() if _DAY.fullmatch(value) else ""


def moved_day(day: date, months: int) -> date:
    """The day so many months later; the last day of a month stays the last, the 31st becomes the last day there is."""
    last = Period.of(day).shift(months).last_day
    return last if day == Period.of(day).last_day else last.replace(day=min(day.day, last.day))


def _move_cycles(plan: YamlText, months: int) -> None:
    """Mend days that the new months do not have: «before the 31st» of a shorter month is before the next one's 1st."""
    for place, value in list(plan.scalars()):
        if _is_cycle_end(place) and place[-1] == "first":
            cycle = place[:-1]
            last = Period.parse(plan.value((*cycle, "last")) or value)
            periods = periods_between(Period.parse(value).shift(months), last.shift(months))
            _mend_days(plan, cycle, min(period.last_day.day for period in periods))


def _mend_days(plan: YamlText, cycle: Place, shortest: int) -> None:
    if (int(plan.value((*cycle, "report", "day")) or 0) > shortest) and not plan.has(
        (*cycle, "report", "months_after")
    ):
        plan.replace_raw((*cycle, "report"), _NEXT_MONTH)
    for place in ((*cycle, "submit", "day"), (*cycle, "report_days", "first"), (*cycle, "report_days", "last")):
        if int(plan.value(place) or 0) > shortest:
            plan.replace_raw(place, str(shortest))


def _left_in_words(sources: Sources) -> list[str]:
    """Where sentences still name the old plan's dates."""
    years = {value[:4] for _, value in YamlText(sources["plan.yaml"]).scalars() if _MONTH.match(value)}
    named = re.compile(rf"\d{{1,2}}/({'|'.join(sorted(years))})\b")
    tasks = YamlText(sources["tasks.yaml"])
    lines = sorted({tasks.line(place) for place, value in tasks.scalars() if named.search(value)})
    if not lines:
        return []
    return [f"Lời văn ở tasks.yaml còn nêu ngày của kế hoạch gốc, hãy sửa các dòng {', '.join(map(str, lines))}."]


def _remark(plan: YamlText, remarks: list[str]) -> None:
    """Put these first, but for those that the plan says already: it may itself be made from another plan."""
    said = {value for place, value in plan.scalars() if place[0] == "remarks"}
    if said:
        plan.prepend_items(("remarks",), [one for one in remarks if one not in said])


def _plan_text(text: str, draft: _Draft) -> str:
    plan, report = YamlText(text), draft.report
    short = report.short_title.replace("thí điểm", "nhân rộng", 1)
    short = short if short != report.short_title else f"nhân rộng {short}"
    plan.replace(("code",), f"{_YEARS.sub('', report.plan)}-nhan-rong-{draft.start}")
    plan.replace(("title",), f"Kế hoạch {short} (dự thảo)")
    plan.replace(("short_title",), short)
    _remark(plan, [f"DỰ THẢO lập từ báo cáo tổng kết {report.period.label}; đơn vị, nơi nhận, thời gian còn phải sửa."])
    head = (
        f"# DỰ THẢO kế hoạch nhân rộng, lập tự động từ báo cáo tổng kết {report.period.label} (bản {report.version}).\n"
        "# - Chỉ tiêu được đề xuất bỏ đã lấy ra; chỉ tiêu được đề xuất điều chỉnh có nội dung điều chỉnh ở note\n"
        "#   (indicators.yaml).\n"
        "# - Mọi ngày, kỳ đã dời theo tháng; đơn vị (units), nơi nhận (recipients.yaml) là của thí điểm: hãy thay.\n"
        "# - Sửa xong, kiểm tra bằng: baocao plan check <thư mục này>\n"
    )
    return head + plan.changed()


def _indicators_text(text: str, recommendations: tuple[Recommendation, ...]) -> str:
    indicators = YamlText(text)
    by_code = {one.code: one for one in recommendations}
    for place, code in list(indicators.scalars()):
        if len(place) == 3 and place[0] == "indicators" and place[-1] == "code" and code in by_code:
            _apply(indicators, place[:-1], by_code[code])
    return indicators.changed()


def _apply(indicators: YamlText, place: Place, one: Recommendation) -> None:
    if one.proposal is Proposal.DROP:
        indicators.remove_item(place)
    elif one.proposal is Proposal.ADJUST:
        change = "; ".join(map(bare, one.adjustments)) or "chưa nêu nội dung"
        note = f"ĐIỀU CHỈNH: {change} ({one.evidence})"
        before = indicators.value((*place, "note"))
        if before is None:
            indicators.add_key(place, "note", note)
        else:
            indicators.replace((*place, "note"), f"{note}. {before}")
