"""Chỉ tiêu: the plan's targets, their components, and the rows of figures that they give."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Protocol, Self

from pydantic import Field, model_validator

from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period
from baocao.domain.wording import Most

MAX_COUNT = 10**12
"""The highest limit that a plan may set: sums over thousands of units stay exact (below 2^53)."""
_ALWAYS = Period(2000, 1)
TargetPct = Annotated[float, Field(gt=0, le=100)]


class IndicatorKind(StrEnum):
    """STOCK: the value at the cut-off date; FLOW: a count within the period."""

    STOCK = "stock"
    FLOW = "flow"


class ComponentsMode(StrEnum):
    """JOINT: the headline counts what meets every component; SEPARATE: each component has its own denominator."""

    JOINT = "joint"
    SEPARATE = "separate"


class Measure(StrEnum):
    """SHARE: a part of a whole, in percent; COUNT and AMOUNT: what was done of what was assigned to the unit."""

    SHARE = "share"
    COUNT = "count"
    AMOUNT = "amount"


class Direction(StrEnum):
    """Whether a ratio is to be at least its target, or at most."""

    HIGHER = "higher_is_better"
    LOWER = "lower_is_better"


class Component(Frozen):
    """Thành phần: an atomic part of an indicator."""

    code: str
    name_short: str
    numerator: str
    denominator: str


class Phase(Frozen):
    """From a period on another target, units' own ones, and what of a count or an amount is assigned to units."""

    since: Period
    target_pct: TargetPct
    targets: dict[str, TargetPct] = Field(default_factory=dict)
    assigned: dict[str, int] = Field(default_factory=dict)


class Indicator(Frozen):
    """Chỉ tiêu: a target of the plan's section I.3, with the plan's words verbatim.

    A count or an amount is told in whole ``unit`` s; ``assigned`` is what each unit has to do by its code, the
    denominator of its ratio, and ``target_pct`` how much of that is enough. ``targets``: by a unit's code its own
    target, where that differs; the whole is held against ``target_pct``. ``every``: asked in the last month of every so
    many (a quarter, half a year, a year). ``phases``: targets of later phases, in order. ``count_limit``: above it a
    count is a slip of the hand; the plan's limit where it says nothing.
    """

    code: str
    group: str
    bullet: str
    name_short: str
    verbatim: str
    verbatim_clause: str = ""
    target_pct: TargetPct
    targets: dict[str, TargetPct] = Field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    operator: Literal[">=", "<="] = ">="
    direction: Direction = Direction.HIGHER
    measure: Measure = Measure.SHARE
    unit: str = "%"
    assigned: dict[str, int] = Field(default_factory=dict)
    every: Literal[1, 3, 6, 12] = 1
    kind: IndicatorKind
    numerator: str | None = None
    denominator: str | None = None
    exclusions: str = ""
    regulation_basis: str = ""
    count_limit: int | None = Field(default=None, gt=0, le=MAX_COUNT)
    note: str = ""
    components_mode: ComponentsMode | None = None
    components: tuple[Component, ...] = ()

    @property
    def is_separate(self) -> bool:
        """Whether the headline row stays empty because the components' denominators differ (A4, B8)."""
        return self.components_mode is ComponentsMode.SEPARATE

    def at(self, period: Period) -> "Indicator":
        """The indicator with the target of a period; from there to any other period."""
        if not self.phases:
            return self
        phases = self.phases
        if phases[0].since > _ALWAYS:
            own = {"target_pct": self.target_pct, "targets": self.targets, "assigned": self.assigned}
            phases = (Phase(since=_ALWAYS, **own), *phases)
        first, now = phases[0], next(one for one in reversed(phases) if one.since <= period)
        by_unit = {"targets": first.targets | now.targets, "assigned": first.assigned | now.assigned}
        return self.model_copy(update={"target_pct": now.target_pct, **by_unit, "phases": phases})

    def of(self, unit: str) -> "Indicator":
        """The indicator with a unit's own target, in the period that it was taken at."""
        return self.model_copy(update={"target_pct": self.targets[unit]}) if unit in self.targets else self

    def is_asked_in(self, period: Period) -> bool:
        """Whether units report it in a period."""
        return period.month % self.every == 0

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, which cannot exceed it."""
        return self.measure is Measure.SHARE

    @property
    def is_lower(self) -> bool:
        """Whether less is better."""
        return self.direction is Direction.LOWER

    @property
    def unit_note(self) -> str:
        """What is said behind its name of how it is told; nothing of a share."""
        return "" if self.is_share else f" ({self.unit}, so với kế hoạch giao)"

    @model_validator(mode="after")
    def _measure_fits(self) -> Self:
        if self.is_share != (self.unit == "%"):
            raise ValueError("measure: share dùng unit “%”; count, amount dùng đơn vị tính khác (lượt, triệu đồng)")
        if self.is_share == bool(self.assigned):
            raise ValueError("assigned (kế hoạch giao từng đơn vị) cần cho count, amount và chỉ dùng cho chúng")
        if not self.is_share and self.components:
            raise ValueError("count, amount không có components")
        if (self.operator == "<=") != (self.direction is Direction.LOWER):
            raise ValueError("operator “<=” đi với direction lower_is_better")
        return self

    @model_validator(mode="after")
    def _phases_are_in_order(self) -> Self:
        since = [one.since for one in self.phases]
        if since != sorted(set(since)):
            raise ValueError("các giai đoạn (phases) phải xếp theo thời gian, mỗi kỳ một lần")
        return self

    @model_validator(mode="after")
    def _components_match_mode(self) -> Self:
        if bool(self.components) != (self.components_mode is not None):
            raise ValueError("components và components_mode phải cùng có hoặc cùng không")
        if not self.is_separate and not (self.numerator and self.denominator):
            raise ValueError("thiếu numerator hoặc denominator")
        return self


class Figure(Frozen):
    """One row of the indicator sheet: a headline or one of its components, with what it inherits."""

    code: str
    indicator: str
    name: str
    kind: IndicatorKind
    target_pct: float
    mode: ComponentsMode | None
    is_headline: bool
    is_typed: bool
    numerator: str = ""
    denominator: str = ""
    direction: Direction = Direction.HIGHER
    measure: Measure = Measure.SHARE
    targets: dict[str, float] = Field(default_factory=dict)
    assigned: dict[str, int] = Field(default_factory=dict)
    every: int = 1

    def of(self, unit: str) -> "Figure":
        """The figure with a unit's own target."""
        return self.model_copy(update={"target_pct": self.targets[unit]}) if unit in self.targets else self

    @property
    def is_bounded(self) -> bool:
        """Whether its numerator is a part of its denominator."""
        return self.measure is Measure.SHARE

    @property
    def is_lower(self) -> bool:
        """Whether less is better."""
        return self.direction is Direction.LOWER


def figures_of(indicator: Indicator) -> Iterator[Figure]:
    """The rows of one indicator: its headline, then its components."""
    common = {
        "indicator": indicator.code,
        "kind": indicator.kind,
        "target_pct": indicator.target_pct,
        "mode": indicator.components_mode,
        "direction": indicator.direction,
        "measure": indicator.measure,
        "targets": indicator.targets,
        "assigned": indicator.assigned,
        "every": indicator.every,
    }
    yield Figure(
        code=indicator.code,
        name=f"{indicator.name_short}{indicator.unit_note}",
        is_headline=True,
        is_typed=not indicator.is_separate,
        numerator=indicator.numerator or "",
        denominator=indicator.denominator or "",
        **common,
    )
    for component in indicator.components:
        yield Figure(
            code=component.code,
            name=component.name_short,
            is_headline=False,
            is_typed=True,
            numerator=component.numerator,
            denominator=component.denominator,
            **common,
        )


class Aimed(Protocol):
    """Whatever has a target: a figure of the plan, of a report, of a forecast."""

    @property
    def target_pct(self) -> float:
        """In percent."""
        ...

    @property
    def direction(self) -> Direction:
        """Whether the ratio is to be at least the target, or at most."""
        ...


def bound(aimed: Aimed) -> float:
    """The target as it bounds how a ratio is printed: one that misses it is never printed as if it did not."""
    return Most(aimed.target_pct) if aimed.direction is Direction.LOWER else aimed.target_pct


def code_places(indicators: tuple[Indicator, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every code of an indicator or a component, after the place in the plan where it stands."""
    for n, indicator in enumerate(indicators):
        yield ("indicators", n, "code"), indicator.code
        for m, component in enumerate(indicator.components):
            yield ("indicators", n, "components", m, "code"), component.code


def unit_places(indicators: tuple[Indicator, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every unit that has a target of its own, now or later, after the place in the plan where it stands."""
    for n, indicator in enumerate(indicators):
        yield from ((("indicators", n, "targets", code), code) for code in indicator.targets)
        for m, phase in enumerate(indicator.phases):
            yield from ((("indicators", n, "phases", m, "targets", code), code) for code in phase.targets)
