"""Realistic sample Reports of the real plan, for the tests of the prose and of the renderers."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from baocao.domain.planned.indicator import ComponentsMode, Figure, IndicatorKind
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.forecast import forecast
from baocao.domain.reported.progress import (
    CarriedUnit,
    Comparison,
    Difficulty,
    FigureResult,
    ForecastRow,
    TaskStatus,
    TimelinessPoint,
    TrendPoint,
    UnitFigure,
    UnitStanding,
    UnitTask,
    is_reached,
    ratio_pct,
)
from baocao.domain.reported.report import Report, ReportedFinding, ReportedTask, Restatement
from baocao.plan.loading import load_plan
from support import ROOT

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOTES = (
    "Thiếu máy quét tốc độ cao tại Bộ phận Một cửa; đang đề nghị bổ sung trong quý IV",
    "Công chức mới tuyển dụng chưa được cấp chứng thư số chuyên dùng",
    "Hệ thống chuyên ngành của Bộ chưa mở kết nối với Hệ thống thông tin báo cáo của tỉnh",
    "Người dân còn quen nộp hồ sơ trực tiếp; chưa có chính sách giảm phí khi nộp trực tuyến",
    "Hồ sơ đề xuất cấp độ đang chờ thẩm định",
)


_FINE = {"A1": 0, "B1": 0, "B3": 1, "B5": 1, "B9": 1, "C2": 3}  # reached from this month of the pilot on


@dataclass(frozen=True)
class Scenario:
    """What happens in the month: unit codes by fate, and how well the figures go."""

    period: Period
    late: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    quarantined: frozenset[str] = frozenset()
    not_occurred: frozenset[str] = frozenset()
    all_well: bool = False
    version: int = 1


@cache
def ninh_binh() -> Plan:
    """The pilot's plan as it ships."""
    return load_plan(ROOT / "plans" / "ninh-binh-2022")


def with_units(plan: Plan, count: int) -> Plan:
    """The same plan with so many units."""
    units = [Unit(code=f"DV{n:05d}", name=f"Đơn vị số {n}", email=f"dv{n}@mau.example") for n in range(1, count + 1)]
    return plan.model_copy(update={"units": (*plan.units[:1], *units[1:])})


def sample_report(
    period: str = "2022-10",
    *,
    plan: Plan | None = None,
    late: Iterable[str] = (),
    missing: Iterable[str] = (),
    rejected: Iterable[str] = (),
    quarantined: Iterable[str] = (),
    not_occurred: Iterable[str] = (),
    all_well: bool = False,
    version: int = 1,
    is_draft: bool = False,
    is_sample: bool = True,
) -> Report:
    """The report of a period under this scenario; the same arguments always give the same report."""
    fates = {"late": late, "missing": missing, "rejected": rejected, "quarantined": quarantined}
    scenario = Scenario(
        period=Period.parse(period),
        not_occurred=frozenset(not_occurred),
        all_well=all_well,
        version=version,
        **{name: frozenset(codes) for name, codes in fates.items()},
    )
    return _of(plan, scenario, is_draft, is_sample) if plan else _of_the_pilot(scenario, is_draft, is_sample)


@cache
def _of_the_pilot(scenario: Scenario, is_draft: bool, is_sample: bool) -> Report:
    """Made once for all tests of a process: a report is frozen."""
    return _of(ninh_binh(), scenario, is_draft, is_sample)


def _of(plan: Plan, scenario: Scenario, is_draft: bool, is_sample: bool) -> Report:
    units = _unit_figures(plan, scenario, scenario.period)
    standings = tuple(_standing(unit, scenario) for unit in plan.units)
    accepted = sum(standing.state is UnitState.ACCEPTED for standing in standings)
    on_time = sum(
        standing.state is UnitState.ACCEPTED and standing.timeliness is Timeliness.ON_TIME for standing in standings
    )
    return Report(
        plan=plan.code,
        plan_title=plan.title,
        short_title=plan.short_title,
        is_sample=is_sample,
        form="thang",
        period=scenario.period,
        version=scenario.version,
        is_draft=is_draft,
        made_at=datetime(scenario.period.year, scenario.period.month, 24, 8, 0, tzinfo=ZONE),
        issuer=plan.issuer,
        pilot=plan.pilot,
        indicator_groups=plan.indicator_groups,
        indicator_group_of={indicator.code: indicator.group for indicator in plan.indicators},
        task_groups={key: name for key, name in plan.task_groups.items() if key.startswith("III.")},
        standings=standings,
        completeness_pct=accepted / len(standings) * 100,
        timeliness_pct=on_time / len(standings) * 100,
        figures=_figures(plan, scenario, units),
        unit_figures=units,
        task_names=tuple(
            ReportedTask(code=t.code, group=t.group, name=t.verbatim, name_short=t.name_short) for t in plan.unit_tasks
        ),
        tasks=_tasks(plan, scenario),
        difficulties=_difficulties(plan, scenario),
        findings=_findings(plan, scenario),
        trend=_trend(plan, scenario),
        timeliness=_timeliness(plan, scenario, len(standings)),
        forecasts=_forecasts(plan, scenario),
        restatements=_restatements() if scenario.version > 1 else (),
    )


def _dice(key: str) -> random.Random:
    return random.Random(key)  # noqa: S311 - sample figures, the same for the same key


def _months(plan: Plan, scenario: Scenario) -> tuple[Period, ...]:
    return periods_between(Period.of(plan.pilot.start), scenario.period)


def _accepted(plan: Plan, scenario: Scenario) -> list[str]:
    away = scenario.missing | scenario.rejected | scenario.quarantined
    return [unit.code for unit in plan.units if unit.code not in away]


def _share(unit: str, figure: Figure, month: int, *, all_well: bool) -> float:
    if all_well or (figure.indicator in _FINE and month >= _FINE[figure.indicator]):
        return min(1.0, figure.target_pct / 100 * 1.06)
    dice = _dice(f"{unit}/{figure.indicator}")
    start = figure.target_pct / 100 * dice.uniform(0.62, 1.02)
    pace = dice.uniform(-0.005, 0.06)
    extra = 0.0 if figure.is_headline else _dice(f"{unit}/{figure.code}").uniform(0.0, 0.08)
    return min(1.0, start + pace * month + extra)


def _counts(unit: str, figure: Figure, scenario: Scenario, month: int) -> tuple[float | None, float | None]:
    if not figure.is_typed:
        return None, None
    if figure.indicator in scenario.not_occurred:
        return 0.0, 0.0
    shared = figure.indicator if figure.mode is not ComponentsMode.SEPARATE else figure.code
    denominator = float(_dice(f"{unit}:{shared}:{month if figure.kind == IndicatorKind.FLOW else 0}").randint(40, 900))
    return float(round(denominator * _share(unit, figure, month, all_well=scenario.all_well))), denominator


def _unit_figures(plan: Plan, scenario: Scenario, period: Period) -> tuple[UnitFigure, ...]:
    month = len(periods_between(Period.of(plan.pilot.start), period)) - 1
    found = []
    reporting = _accepted(plan, scenario) if period == scenario.period else [unit.code for unit in plan.units]
    for unit in reporting:
        for figure in plan.figures:
            numerator, denominator = _counts(unit, figure, scenario, month)
            before = _counts(unit, figure, scenario, month - 1) if month else (None, None)
            reached = is_reached(numerator, denominator, figure.target_pct)
            found.append(
                UnitFigure(
                    unit=unit,
                    code=figure.code,
                    numerator=numerator,
                    denominator=denominator,
                    ratio_pct=ratio_pct(numerator, denominator),
                    reached=reached,
                    previous_ratio_pct=ratio_pct(*before),
                    evidence=f"Báo cáo số {_dice(unit + figure.code).randint(100, 999)}/BC" if reached else "",
                    note=_dice(unit + figure.code).choice(NOTES) if reached is False else "",
                )
            )
    return tuple(found)


def _figures(plan: Plan, scenario: Scenario, units: tuple[UnitFigure, ...]) -> tuple[FigureResult, ...]:
    month = len(_months(plan, scenario)) - 1
    earlier = _unit_figures(plan, scenario, scenario.period.previous) if month else ()
    before = _sums(earlier)
    past = [_sums(_unit_figures(plan, scenario, period)) for period in _months(plan, scenario)]
    stock = [one.code for one in plan.figures if one.kind == IndicatorKind.STOCK]
    reporting = _accepted(plan, scenario)
    kept = tuple(one for one in earlier if reporting and one.unit not in reporting and one.code in stock)
    now = _sums((*units, *kept))
    results: list[FigureResult] = []
    for figure in plan.figures:
        numerator, denominator = now.get(figure.code, (None, None))
        flow = figure.kind == "flow" and figure.is_typed and denominator is not None
        total = tuple(sum(sums[figure.code][part] or 0 for sums in past) for part in (0, 1)) if flow else None
        mine = [unit for unit in units if unit.code == figure.code and unit.denominator is not None]
        results.append(
            FigureResult(
                **figure.model_dump(include={*FigureResult.model_fields} - {"numerator", "denominator"}),
                numerator=numerator,
                denominator=denominator,
                ratio_pct=ratio_pct(numerator, denominator),
                cumulative_numerator=total[0] if total else numerator,
                cumulative_denominator=total[1] if total else denominator,
                cumulative_ratio_pct=ratio_pct(*(total or (numerator, denominator))),
                reached=is_reached(numerator, denominator, figure.target_pct),
                units_reported=len(mine),
                units_reached=sum(bool(unit.reached) for unit in mine),
                units_not_applicable=sum(unit.denominator == 0 for unit in mine),
                previous_ratio_pct=ratio_pct(*before.get(figure.code, (None, None))),
                comparison=_comparison(figure, (*units, *kept), earlier),
                carried=tuple(
                    CarriedUnit(one.unit, scenario.period.previous) for one in kept if one.code == figure.code
                ),
                absent=_absent(plan, {one.unit for one in (*units, *kept) if one.code == figure.code}),
            )
        )
    return tuple(_judged_by_components(result, results) for result in results)


def _comparison(figure: Figure, now: tuple[UnitFigure, ...], before: tuple[UnitFigure, ...]) -> Comparison | None:
    mine, theirs = (
        [one for one in some if one.code == figure.code and one.denominator is not None] for some in (now, before)
    )
    both = {one.unit for one in mine} & {one.unit for one in theirs}
    if not both:
        return None
    sums, earlier = (_sums(tuple(one for one in some if one.unit in both))[figure.code] for some in (mine, theirs))
    return Comparison(
        now_pct=ratio_pct(*sums),
        before_pct=ratio_pct(*earlier),
        is_reached_now=is_reached(*sums, figure.target_pct),
        was_reached=is_reached(*earlier, figure.target_pct),
        is_partial=len(both) < max(len(mine), len(theirs)),
    )


def _absent(plan: Plan, counted: set[str]) -> tuple[str, ...]:
    return tuple(unit.code for unit in plan.units if unit.code not in counted)


def _judged_by_components(result: FigureResult, results: list[FigureResult]) -> FigureResult:
    if not (result.is_headline and result.mode is ComponentsMode.SEPARATE):
        return result
    parts = [part for part in results if part.indicator == result.code and not part.is_headline]
    known = [part.reached for part in parts if part.reached is not None]
    reported = max(part.units_reported for part in parts)
    return result.model_copy(update={"reached": all(known) if known else None, "units_reported": reported})


def _sums(units: tuple[UnitFigure, ...]) -> dict[str, tuple[float | None, float | None]]:
    sums: dict[str, tuple[float | None, float | None]] = {}
    for unit in units:
        if unit.denominator is not None:
            numerator, denominator = sums.get(unit.code) or (0.0, 0.0)
            sums[unit.code] = ((numerator or 0) + (unit.numerator or 0), (denominator or 0) + unit.denominator)
    return sums


def _standing(unit: Unit, scenario: Scenario) -> UnitStanding:
    period = scenario.period
    late = unit.code in scenario.late
    moment = datetime(period.year, period.month, 21 if late else 17, 9, 12, tzinfo=ZONE)
    arrived = {
        "version": 1,
        "received_at": moment,
        "timeliness": Timeliness.LATE if late else Timeliness.ON_TIME,
    }
    name = {"unit": unit.code, "name": unit.name}
    if unit.code in scenario.missing:
        return UnitStanding(**name, state=UnitState.MISSING, timeliness=Timeliness.MISSING)
    if unit.code in scenario.rejected:
        return UnitStanding(**name, state=UnitState.REJECTED, **arrived, critical=2, warnings=1)
    if unit.code in scenario.quarantined:
        return UnitStanding(**name, state=UnitState.QUARANTINED, **arrived, critical=1)
    return UnitStanding(**name, state=UnitState.ACCEPTED, **arrived, warnings=0 if scenario.all_well else 1)


def _tasks(plan: Plan, scenario: Scenario) -> tuple[UnitTask, ...]:
    return tuple(
        _task(unit, task.code, position, scenario)
        for unit in _accepted(plan, scenario)
        for position, task in enumerate(plan.unit_tasks)
    )


def _task(unit: str, code: str, position: int, scenario: Scenario) -> UnitTask:
    dice = _dice(f"{unit}#{code}")
    common = {"unit": unit, "code": code, "lead": "Văn phòng Sở", "coordinating": "Các phòng, đơn vị trực thuộc"}
    due = date(2022, 10, 31) + timedelta(days=14 * (position % 8))
    if scenario.all_well or dice.random() < 0.3:
        done = date(scenario.period.year, scenario.period.month, dice.randint(1, 15))
        product = f"Quyết định số {dice.randint(100, 900)}/QĐ ngày {done:%d/%m/%Y}"
        return UnitTask(
            **common, due_date=due, status=TaskStatus.DONE, progress_pct=100, done_date=done, product=product
        )
    if dice.random() < 0.08:
        return UnitTask(**common, status=TaskStatus.NOT_APPLICABLE)
    overdue = due <= date(scenario.period.year, scenario.period.month, 19)
    if dice.random() < 0.2:
        return UnitTask(
            **common,
            due_date=due,
            status=TaskStatus.NOT_STARTED,
            progress_pct=0,
            note="Chờ kinh phí",
            is_overdue=overdue,
        )
    progress = float(dice.randint(2, 19) * 5)
    return UnitTask(**common, due_date=due, status=TaskStatus.IN_PROGRESS, progress_pct=progress, is_overdue=overdue)


def _difficulties(plan: Plan, scenario: Scenario) -> tuple[Difficulty, ...]:
    if scenario.all_well:
        return ()
    accepted = _accepted(plan, scenario)
    texts = (
        Difficulty(
            unit="STTTT",
            difficulty="Trục liên thông của tỉnh chưa kết nối đầy đủ với hệ thống chuyên ngành của các bộ",
            cause="Một số bộ chưa công bố giao diện kết nối",
            proposal="kiến nghị Bộ Thông tin và Truyền thông điều phối việc mở kết nối",
            settled_by="Ủy ban nhân dân tỉnh",
            is_beyond_authority=True,
            since=Period.of(plan.pilot.start),
        ),
        Difficulty(
            unit="SCT",
            difficulty="Thiếu máy quét và máy trạm tại Bộ phận Một cửa",
            cause="Dự toán năm 2022 chưa bố trí",
            proposal="Bổ sung kinh phí mua sắm 04 máy quét tốc độ cao",
            settled_by="Sở Tài chính",
            is_beyond_authority=True,
            since=scenario.period,
        ),
        Difficulty(
            unit="SNV",
            difficulty="Kỹ năng sử dụng phần mềm mới của một bộ phận công chức còn hạn chế",
            cause="Chưa tổ chức đủ lớp tập huấn",
            proposal="Phối hợp mở thêm 02 lớp tập huấn trong quý IV",
            settled_by="Sở Thông tin và Truyền thông",
            since=scenario.period,
        ),
    )
    return tuple(text for text in texts if text.unit in accepted)


def _findings(plan: Plan, scenario: Scenario) -> tuple[ReportedFinding, ...]:
    warned = [] if scenario.all_well else _accepted(plan, scenario)[:60]
    warnings = tuple(
        ReportedFinding(
            unit=unit,
            rule="stock_denominator_jump",
            severity="warning",
            place="Chỉ tiêu!F12",
            message="Mẫu số của B1 thay đổi quá 20% so với kỳ trước (kỳ trước 120, kỳ này 160). Hãy kiểm tra lại.",
        )
        for unit in warned
    )
    critical = tuple(
        ReportedFinding(unit=unit, rule=rule, severity="critical", place=place, message=message)
        for unit in sorted(scenario.rejected)
        for rule, place, message in (
            ("numerator_le_denominator", "Chỉ tiêu!E7", "Tử số 95 lớn hơn mẫu số 90. Hãy kiểm tra lại hai số này."),
            ("not_a_number", "Chỉ tiêu!E9", "“khoảng 40” không phải là số. Hãy ghi số nguyên."),
        )
    )
    return critical + warnings


def _trend(plan: Plan, scenario: Scenario) -> tuple[TrendPoint, ...]:
    points = []
    for period in _months(plan, scenario):
        sums = _sums(_unit_figures(plan, scenario, period))
        for figure in plan.figures:
            is_charted = figure.is_headline or figure.mode is ComponentsMode.SEPARATE
            if figure.is_typed and is_charted and figure.code in sums:
                ratio = ratio_pct(*sums[figure.code])
                points.append(
                    TrendPoint(period=period, code=figure.code, ratio_pct=ratio, target_pct=figure.target_pct)
                )
    return tuple(points)


def _forecasts(plan: Plan, scenario: Scenario) -> tuple[ForecastRow, ...]:
    series: dict[str, list[tuple[int, float | None]]] = {}
    for point in _trend(plan, scenario):
        series.setdefault(point.code, []).append((_months(plan, scenario).index(point.period), point.ratio_pct))
    last = len(periods_between(Period.of(plan.pilot.start), Period.of(plan.pilot.end))) - 1
    rows = []
    for code, ratios in series.items():
        target = plan.figure_by_code[code].target_pct
        found = forecast(ratios, last, target)
        if found is not None:
            rows.append(
                ForecastRow(
                    unit=None,
                    code=code,
                    target_pct=target,
                    expected_pct=found.expected_pct,
                    lowest_pct=found.lowest_pct,
                    highest_pct=found.highest_pct,
                    outlook=found.outlook,
                )
            )
    return tuple(rows)


def _timeliness(plan: Plan, scenario: Scenario, expected: int) -> tuple[TimelinessPoint, ...]:
    points = []
    for period in _months(plan, scenario):
        is_now = period == scenario.period
        late = len(scenario.late) if is_now else (period.month % 2 and not scenario.all_well)
        missing = expected - len(_accepted(plan, scenario)) if is_now else 0
        points.append(
            TimelinessPoint(period=period, on_time=expected - int(late) - missing, late=int(late), missing=missing)
        )
    return tuple(points)


def _restatements() -> tuple[Restatement, ...]:
    return (
        Restatement(
            code="A3",
            name="Hồ sơ TTHC tiếp nhận, giải quyết, trả kết quả trực tuyến",
            published="49,8%",
            corrected="52,4%",
            reason="Sở Công Thương nộp lại số liệu",
        ),
        Restatement(
            code="B6",
            name="Lãnh đạo, CC, VC được bồi dưỡng kỹ năng số",
            published="88,1%",
            corrected="90,6%",
            reason="Sở Nội vụ nộp sau khi báo cáo đã phát hành",
        ),
    )
