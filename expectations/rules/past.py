"""The rules of the indicator sheet that hold it against its own past or ask for proof. All are warnings.

They never return a workbook: what they find may be right, and the sender is asked to look again.
"""

from collections.abc import Mapping
from typing import Any

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import decimal_text, points_text
from expectations.rule import (
    PAIR_CHANGE,
    VALUE_BETWEEN,
    VALUE_NOT_NULL,
    Check,
    Line,
    pair,
    shown,
    words,
)

MAX_DENOMINATOR_CHANGE = 0.20
MAX_STOCK_FALL_POINTS = 10.0
MAX_CHANGE_POINTS = 30.0
MAX_MODIFIED_Z = 3.5

_EXPLAIN = "Hãy kiểm tra lại; nếu đúng, hãy nêu lý do ở cột Ghi chú."

STOCK_DENOMINATOR_JUMP = Rule(
    "stock_denominator_jump",
    Severity.WARNING,
    "Mẫu số {value} của {code} (ô {cell}) {direction} {change}% so với kỳ {previous_period} ({previous}).",
    _EXPLAIN,
)
RATIO_DROP = Rule(
    "ratio_drop",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), giảm {change} so với kỳ "
    "{previous_period} ({previous}%).",
    "Số thời điểm thường không giảm nhanh như vậy. " + _EXPLAIN,
)
RATIO_JUMP = Rule(
    "ratio_jump",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), {direction} {change} so với kỳ "
    "{previous_period} ({previous}%).",
    _EXPLAIN,
)
ALL_UNCHANGED = Rule(
    "all_unchanged",
    Severity.WARNING,
    "Mọi Tử số, Mẫu số ở trang “{sheet}” (từ ô {cell}) giống hệt kỳ {previous_period}.",
    "Hãy kiểm tra xem số liệu đã được cập nhật cho kỳ này chưa.",
)
EVIDENCE_MISSING = Rule(
    "evidence_missing",
    Severity.WARNING,
    "{code} đạt mục tiêu {target}% (Tử số ô {numerator_cell}, Mẫu số ô {denominator_cell}) mà ô {header} "
    "{cell} còn trống.",
    "Hãy ghi số, ngày văn bản hoặc địa chỉ chứng minh số liệu.",
)
OUTLIER = Rule(
    "outlier",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), khác hẳn các kỳ khác, thường quanh "
    "{median}%.",
    _EXPLAIN,
)


def past_checks() -> tuple[Check, ...]:
    """The warnings on the indicator sheet of every form that has one."""
    return (
        Check(
            STOCK_DENOMINATOR_JUMP,
            "denominator",
            PAIR_CHANGE,
            pair(
                "sound_denominator",
                "previous_denominator",
                max_rise=MAX_DENOMINATOR_CHANGE,
                max_fall=MAX_DENOMINATOR_CHANGE,
                is_relative=True,
            ),
            lambda line: (
                f"không lệch quá {MAX_DENOMINATOR_CHANGE * 100:.0f}% so với {line.text('previous_denominator')}"
            ),
            where={"kind": "stock"},
            more=_denominator_change,
        ),
        _change(RATIO_DROP, "giảm không quá {} điểm %", "stock", max_fall=MAX_STOCK_FALL_POINTS),
        # A STOCK ratio that falls is ratio_drop's matter already.
        _change(RATIO_JUMP, "tăng không quá {} điểm %", "stock", max_rise=MAX_CHANGE_POINTS),
        _change(RATIO_JUMP, "lệch không quá {} điểm %", "flow", max_rise=MAX_CHANGE_POINTS, max_fall=MAX_CHANGE_POINTS),
        Check(
            ALL_UNCHANGED,
            "numerator",
            VALUE_BETWEEN,
            {"column": "changed_figures", "min_value": 1},
            words("có số liệu thay đổi so với kỳ trước"),
            more=_previous_period,
        ),
        Check(
            EVIDENCE_MISSING,
            "evidence",
            VALUE_NOT_NULL,
            {"column": "evidence"},
            words("số, ngày văn bản hoặc địa chỉ chứng minh"),
            where={"is_reached": True},
            more=lambda line: {
                "target": line.text("goal_pct"),
                "numerator_cell": line.cell("numerator"),
                "denominator_cell": line.cell("denominator"),
            },
        ),
        Check(
            OUTLIER,
            "numerator",
            VALUE_BETWEEN,
            {"column": "modified_z", "min_value": -MAX_MODIFIED_Z, "max_value": MAX_MODIFIED_Z},
            lambda line: f"gần mức thường gặp {line.text('series_median_pct')}%",
            more=lambda line: {
                "ratio": line.text("computed_pct"),
                "median": line.text("series_median_pct"),
                "denominator_cell": line.cell("denominator"),
            },
            value=_ratio,
        ),
    )


def _change(rule: Rule, expected: str, kind: str, **limits: float) -> Check:
    text = expected.format(decimal_text(next(iter(limits.values()))))
    return Check(
        rule,
        "numerator",
        PAIR_CHANGE,
        pair("computed_pct", "previous_ratio_pct", **limits),
        lambda line: f"{text} so với {line.text('previous_ratio_pct')}%",
        where={"kind": kind},
        more=_ratio_change,
        value=_ratio,
    )


def _ratio(line: Line) -> str:
    return f"{line.text('computed_pct')}%"


def _previous_period(line: Line) -> Mapping[str, Any]:
    return {"previous_period": Period.parse(line.values["previous_period"]).short}


def _ratio_change(line: Line) -> Mapping[str, Any]:
    change = line.values["computed_pct"] - line.values["previous_ratio_pct"]
    return {
        **_previous_period(line),
        "ratio": line.text("computed_pct"),
        "previous": line.text("previous_ratio_pct"),
        "denominator_cell": line.cell("denominator"),
        "direction": _direction(change),
        "change": points_text(change),
    }


def _denominator_change(line: Line) -> Mapping[str, Any]:
    previous = line.values["previous_denominator"]
    change = (line.values["denominator"] - previous) / previous * 100
    return {
        **_previous_period(line),
        "previous": line.text("previous_denominator"),
        "direction": _direction(change),
        "change": shown(abs(change)),
    }


def _direction(change: float) -> str:
    return "tăng" if change > 0 else "giảm"
