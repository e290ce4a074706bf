"""How far a figure may go before a rule asks about it, and how much a warning weighs: the plan's data.

Where the plan says nothing the values here hold. Rules of identity and safety, and all others that return a workbook,
have no field in ``Severities``: no plan can make them weigh less.
"""

from typing import Literal

from pydantic import Field

from baocao.domain.model import Frozen

Weight = Literal["critical", "warning", "info"]
_WARNING: Weight = "warning"


class RatioAgreesLimits(Frozen):
    """In percentage points: a ratio typed by hand is rounded to one decimal."""

    tolerance_points: float = Field(default=0.1, ge=0, le=100, description="sai lệch không quá {} điểm phần trăm")


class DenominatorJumpLimits(Frozen):
    """In percent of the last period's denominator, up or down."""

    max_change_pct: float = Field(default=20, gt=0, le=10_000, description="tăng hoặc giảm không quá {} %")


class RatioDropLimits(Frozen):
    """In percentage points, from the last period's ratio."""

    max_fall_points: float = Field(default=10, gt=0, le=100, description="giảm không quá {} điểm phần trăm")


class RatioJumpLimits(Frozen):
    """In percentage points, from the last period's ratio."""

    max_change_points: float = Field(default=30, gt=0, le=100, description="đổi không quá {} điểm phần trăm")


class OutlierLimits(Frozen):
    """Modified z-score after Iglewicz and Hoaglin, whose 3.5 is the default, over at least so many periods.

    A series that stood still has a deviation of 0, and any step would be infinitely far out: the deviation counts as
    at least ``min_deviation_points``.
    """

    max_modified_z: float = Field(default=3.5, gt=0, le=1_000, description="điểm z cải biên không quá {}")
    min_periods: int = Field(default=5, ge=3, le=120, description="xét từ {} kỳ trở lên")
    min_deviation_points: float = Field(
        default=1, gt=0, le=100, description="độ lệch tính ít nhất là {} điểm phần trăm"
    )


class AmountUnitLimits(Frozen):
    """In triệu đồng, for one row of a budget; a row so many times the others' median is in another unit, too."""

    max_mil_vnd: float = Field(default=100_000, gt=0, description="một khoản không quá {} triệu đồng")
    max_times_others: float = Field(default=1_000, gt=1, description="không quá {} lần mức giữa của các khoản khác")


class RuleLimits(Frozen):
    """The limits by the name of their rule; each field's description is the limit in words, with ``{}`` for it."""

    ratio_agrees: RatioAgreesLimits = RatioAgreesLimits()
    stock_denominator_jump: DenominatorJumpLimits = DenominatorJumpLimits()
    ratio_drop: RatioDropLimits = RatioDropLimits()
    ratio_jump: RatioJumpLimits = RatioJumpLimits()
    outlier: OutlierLimits = OutlierLimits()
    amount_unit: AmountUnitLimits = AmountUnitLimits()


class Severities(Frozen):
    """How much each warning weighs in this plan, by the name of its rule; ``critical`` returns the workbook."""

    row_unknown: Weight = _WARNING
    legacy_font: Weight = _WARNING
    total_disagrees: Weight = _WARNING
    row_after_table: Weight = _WARNING
    character_unprintable: Weight = _WARNING
    stock_denominator_jump: Weight = _WARNING
    ratio_drop: Weight = _WARNING
    ratio_jump: Weight = _WARNING
    all_unchanged: Weight = _WARNING
    evidence_missing: Weight = _WARNING
    outlier: Weight = _WARNING
    task_regressed: Weight = _WARNING
    task_overdue: Weight = _WARNING

    def weight_of(self, rule: str) -> Weight:
        """How much a warning of this rule weighs."""
        weights: dict[str, Weight] = dict(self)
        return weights.get(rule, _WARNING)
