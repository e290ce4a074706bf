"""What a reported period was judged by: units, indicators and targets, kept with it so that history stays as it was."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from pydantic import Field

from baocao.domain.model import Frozen
from baocao.domain.planned.indicator import Figure, Indicator, IndicatorKind
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import decimal_text


class FrozenFigure(Frozen):
    """One row of the indicator sheet as it was."""

    code: str
    indicator: str
    name: str
    kind: IndicatorKind
    target_pct: float
    targets: dict[str, float] = Field(default_factory=dict)


class PlanShape(Frozen):
    """The part of a plan that reports of a period rest on; names by unit code, and every figure."""

    units: dict[str, str]
    figures: tuple[FrozenFigure, ...]


def shape_of(plan: Plan) -> PlanShape:
    """The shape that the plan has now."""
    return PlanShape(
        units={unit.code: unit.name for unit in plan.units},
        figures=frozen_figures(plan.figures),
    )


def frozen_figures(figures: Iterable[Figure | FigureResult]) -> tuple[FrozenFigure, ...]:
    """What is kept of figures, of a plan or of a published report."""
    names = FrozenFigure.model_fields
    return tuple(FrozenFigure(**{name: getattr(one, name) for name in names}) for one in figures)


def differences(then: PlanShape, now: PlanShape) -> tuple[str, ...]:
    """Where a plan contradicts what was reported, in words; names of indicators may change."""
    return tuple(chain(_units(then.units, now.units), _figures(then, now)))


def _units(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    yield from (f"đơn vị {code} ({name}) không còn" for code, name in then.items() if code not in now)
    yield from (f"đơn vị {code} ({name}) mới thêm" for code, name in now.items() if code not in then)
    for code, name in then.items():
        if now.get(code, name) != name:
            yield f"đơn vị {code} đổi tên từ “{name}” thành “{now[code]}”"


def _figures(then: PlanShape, now: PlanShape) -> Iterator[str]:
    before, after = ({one.code: one for one in shape.figures} for shape in (then, now))
    yield from (f"chỉ tiêu {code} không còn" for code in before if code not in after)
    yield from (f"chỉ tiêu {code} mới thêm" for code in after if code not in before)
    for code in before.keys() & after.keys():
        yield from _figure(before[code], after[code])


def _figure(then: FrozenFigure, now: FrozenFigure) -> Iterator[str]:
    if then.target_pct != now.target_pct:
        told = (f"{decimal_text(pct, 6)}%" for pct in (then.target_pct, now.target_pct))
        yield f"mục tiêu của {then.code} đổi từ {' thành '.join(told)}"
    if then.targets != now.targets:
        yield f"mục tiêu riêng của đơn vị ở {then.code} đổi"
    if then.kind != now.kind:
        yield f"cách tính của {then.code} đổi từ {then.kind} thành {now.kind}"
    if then.indicator != now.indicator:
        yield f"thành phần {then.code} chuyển từ chỉ tiêu {then.indicator} sang {now.indicator}"


def plan_as_of(plan: Plan, then: PlanShape) -> Plan:
    """The plan with the units, indicators, names and targets of a reported period, so that its report can be made
    again as it was.
    """
    figures = {one.code: one for one in then.figures}
    known = {unit.code: unit for unit in plan.everyone}
    living = tuple(_unit(unit, then.units) for unit in plan.units if unit.code in then.units)
    stand_ins = tuple(Unit(code=code, name=name, email="") for code, name in then.units.items() if code not in known)
    asked = (*plan.indicators, *plan.resting)
    units = living + stand_ins
    codes = {unit.code for unit in (*units, *plan.others)}
    indicators = tuple(_indicator(one, figures, codes) for one in asked if one.code in figures)
    return plan.changed(units=units, indicators=indicators, resting=())


def _unit(unit: Unit, names: Mapping[str, str]) -> Unit:
    return unit.model_copy(update={"name": names.get(unit.code, unit.name)})


def _indicator(indicator: Indicator, figures: Mapping[str, FrozenFigure], units: Collection[str]) -> Indicator:
    parts = tuple(
        part.model_copy(update={"name_short": figures[part.code].name}) if part.code in figures else part
        for part in indicator.components
    )
    own = figures[indicator.code]
    changed: dict[str, Any] = {
        "name_short": own.name.removesuffix(indicator.unit_note),
        "target_pct": own.target_pct,
        "targets": {unit: pct for unit, pct in own.targets.items() if unit in units},
        "phases": (),
        "components": parts,
    }
    return indicator.model_copy(update=changed)
