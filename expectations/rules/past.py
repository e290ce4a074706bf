"""The rules of the indicator sheet that hold it against its own past or ask for proof. All are warnings.

They never return a workbook: what they find may be right, and the sender is asked to look again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
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
from expectations.rules.figures import bounded_rows

_ANY_ROWS: Mapping[str, bool] = MappingProxyType({})
_EXPLAIN = "Hãy kiểm tra lại; nếu đúng, hãy nêu lý do ở cột Ghi chú."

STOCK_DENOMINATOR_JUMP = Rule(
    "stock_denominator_jump",
    Severity.WARNING,
    "Mẫu số {value} của {code} (ô {cell}) {direction} {change}% so với kỳ {previous_period} ({previous}).",
    _EXPLAIN,
    "Quy ước của hệ thống: tổng số (thủ tục, cán bộ, máy tính) ít đổi sau một kỳ; đổi nhiều thường do đếm khác cách.",
)
RATIO_DROP = Rule(
    "ratio_drop",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), giảm {change} so với kỳ "
    "{previous_period} ({previous}%).",
    "Số thời điểm thường không giảm nhanh như vậy. " + _EXPLAIN,
    "Quy ước của hệ thống: việc đã làm xong thì không mất đi, nên tỷ lệ tại ngày chốt giảm nhiều thường do nhầm số.",
)
RATIO_JUMP = Rule(
    "ratio_jump",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), {direction} {change} so với kỳ "
    "{previous_period} ({previous}%).",
    _EXPLAIN,
    "Quy ước của hệ thống: tỷ lệ đổi rất nhiều sau một kỳ thường do nhầm số hoặc đổi cách đếm.",
)
ALL_UNCHANGED = Rule(
    "all_unchanged",
    Severity.WARNING,
    "Mọi Tử số, Mẫu số ở trang “{sheet}” (từ ô {cell}) giống hệt kỳ {previous_period}.",
    "Hãy kiểm tra xem số liệu đã được cập nhật cho kỳ này chưa.",
    "Kế hoạch, mục V.2: tổng hợp kết quả thực hiện hằng tháng; số liệu giống hệt kỳ trước thường là chép lại.",
)
WHOLE_UNCHANGED = Rule(
    "all_unchanged",
    Severity.CRITICAL,
    "Cả báo cáo giống hệt kỳ {previous_period}: mọi Tử số, Mẫu số (trang “{sheet}”, từ ô {cell}), trạng thái, tiến độ.",
    "Đơn vị có gửi nhầm tệp kỳ trước không? Hãy cập nhật số liệu; nếu thật sự không đổi, hãy nêu lý do ở cột Giải "
    "trình rồi gửi lại.",
    "Kế hoạch, mục V.2: tổng hợp kết quả thực hiện hằng tháng; cả tệp giống hệt kỳ trước thường là gửi nhầm.",
)
EVIDENCE_MISSING = Rule(
    "evidence_missing",
    Severity.WARNING,
    "{code} đạt mục tiêu {target}% (Tử số ô {numerator_cell}, Mẫu số ô {denominator_cell}) mà ô {header} "
    "{cell} {lacking}.",
    "Hãy ghi số, ngày văn bản hoặc địa chỉ chứng minh số liệu.",
    "Kế hoạch, mục V.1: đơn vị tổng hợp kiểm tra kết quả thực hiện, nên kết quả đạt cần có minh chứng.",
)
OUTLIER = Rule(
    "outlier",
    Severity.WARNING,
    "Tỷ lệ của {code} là {ratio}% (Tử số ô {cell}, Mẫu số ô {denominator_cell}), khác hẳn các kỳ khác, thường quanh "
    "{median}%.",
    _EXPLAIN,
    "Quy ước của hệ thống: số khác hẳn các kỳ của chính đơn vị được hỏi lại (điểm z cải biên của Iglewicz và Hoaglin).",
)


def past_checks(plan: Plan) -> tuple[Check, ...]:
    """The warnings on the indicator sheet of every form that has one."""
    fall = plan.limits.ratio_drop.max_fall_points
    change = plan.limits.ratio_jump.max_change_points
    max_z = plan.limits.outlier.max_modified_z
    higher = {"is_lower": False} if plan.has_lower else {}
    return (
        _denominator_jump(plan.limits.stock_denominator_jump.max_change_pct, bounded_rows(plan)),
        _change(RATIO_DROP, "giảm không quá {} điểm phần trăm", "stock", of=higher, max_fall=fall),
        # A STOCK ratio that falls is ratio_drop's matter already.
        _change(RATIO_JUMP, "tăng không quá {} điểm phần trăm", "stock", max_rise=change),
        _change(RATIO_JUMP, "lệch không quá {} điểm phần trăm", "flow", max_rise=change, max_fall=change),
        _unchanged(ALL_UNCHANGED, is_whole=False),
        _unchanged(WHOLE_UNCHANGED, is_whole=True),
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
            {"column": "modified_z", "min_value": -max_z, "max_value": max_z},
            lambda line: f"gần mức thường gặp {line.text('series_median_pct')}%",
            more=lambda line: {
                "ratio": line.text("computed_pct"),
                "median": line.text("series_median_pct"),
                "denominator_cell": line.cell("denominator"),
            },
            value=_ratio,
        ),
    )


def _unchanged(rule: Rule, *, is_whole: bool) -> Check:
    return Check(
        rule,
        "numerator",
        VALUE_BETWEEN,
        {"column": "changed_figures", "min_value": 1},
        words("có số liệu thay đổi so với kỳ trước"),
        more=_previous_period,
        where={"is_whole_copy": is_whole},
    )


def _denominator_jump(max_change_pct: float, bounded: Mapping[str, bool]) -> Check:
    limit = max_change_pct / 100
    return Check(
        STOCK_DENOMINATOR_JUMP,
        "denominator",
        PAIR_CHANGE,
        pair("sound_denominator", "previous_denominator", max_rise=limit, max_fall=limit, is_relative=True),
        lambda line: f"không lệch quá {decimal_text(max_change_pct, 2)}% so với {line.text('previous_denominator')}",
        where={"kind": "stock", **bounded},
        more=_denominator_change,
        others=lambda line: [(line.sheet, line.cell("numerator"))],  # a figure is rejected as a whole
        is_cause=lambda line: bool(line.values["numerator"] == line.values["previous_numerator"]),
    )


def _change(rule: Rule, expected: str, kind: str, *, of: Mapping[str, bool] = _ANY_ROWS, **limits: float) -> Check:
    text = expected.format(decimal_text(next(iter(limits.values())), 2))
    return Check(
        rule,
        "numerator",
        PAIR_CHANGE,
        pair("computed_pct", "previous_ratio_pct", **limits),
        lambda line: f"{text} so với {line.text('previous_ratio_pct')}%",
        where={"kind": kind, **of},
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
