"""The rules of the indicator sheet that hold within one workbook. All are critical."""

from collections.abc import Callable, Mapping
from typing import Any

from baocao.domain.planned.indicator import Indicator
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import decimal_text, digits_to_tell, enumeration
from baocao.workbook.rules import COUNT_LIMIT
from expectations.rule import (
    PAIR_AT_LEAST,
    PAIR_CLOSE,
    PAIR_EQUAL,
    VALUE_BETWEEN,
    VALUE_NOT_NULL,
    VALUE_NULL,
    Check,
    Line,
    at_least,
    pair,
    shown,
    words,
)
from expectations.rules.missing import VALUE_MISSING

_JOINT = "Kế hoạch, mục I.3: chỉ tiêu nhiều vế chỉ đạt khi mọi vế cùng đạt trên cùng một tổng số."

NEGATIVE = Rule(
    "negative",
    Severity.CRITICAL,
    "{header} tại ô {cell} là {value}, nhỏ hơn 0.",
    "Hãy ghi số nguyên từ 0 trở lên; không phát sinh thì ghi 0.",
    "Quy ước của hệ thống: số lượng đếm được không thể nhỏ hơn 0.",
)
NUMERATOR_LE_DENOMINATOR = Rule(
    "numerator_le_denominator",
    Severity.CRITICAL,
    "Tử số {value} (ô {cell}) lớn hơn Mẫu số {denominator} (ô {denominator_cell}).",
    "Tử số là một phần của Mẫu số; hãy kiểm tra lại hai ô này.",
    "Kế hoạch, mục I.3: chỉ tiêu là tỷ lệ phần trăm của một tổng số, nên phần không lớn hơn tổng.",
)
RATIO_AGREES = Rule(
    "ratio_agrees",
    Severity.CRITICAL,
    "Tỷ lệ tại ô {cell} là {value}%, không khớp với Tử số {numerator} (ô {numerator_cell}) và Mẫu số {denominator} "
    "(ô {denominator_cell}).",
    "Giá trị đúng: {expected}. Hãy để công thức tự tính, hoặc sửa lại Tử số, Mẫu số.",
    "Quy ước của hệ thống: tỷ lệ luôn tính từ Tử số và Mẫu số; số ghi tay chỉ để đối chiếu, cho phép sai do làm tròn.",
)
JOINT_LE_COMPONENTS = Rule(
    "joint_le_components",
    Severity.CRITICAL,
    "Chỉ tiêu {code}: Tử số {value} ở dòng chính (ô {cell}) lớn hơn thành phần nhỏ nhất {smallest_code}, chỉ có "
    "{smallest} (ô {smallest_cell}).",
    "Dòng chính đếm số đạt đồng thời mọi thành phần nên không lớn hơn thành phần nhỏ nhất; hãy kiểm tra lại.",
    _JOINT,
)
JOINT_GE_COMPONENTS = Rule(
    "joint_ge_components",
    Severity.CRITICAL,
    "Chỉ tiêu {code}: {parts} trên {denominator} thì ít nhất {floor} đạt {both} (tính từ ô {component_cells}, Mẫu số ô "
    "{denominator_cell}); ô {cell} ghi {value}.",
    "Hãy đếm lại số đạt {both} ghi ở dòng chính, hoặc xem lại các thành phần.",
    _JOINT,
)
COMPONENTS_SAME_DENOMINATOR = Rule(
    "components_same_denominator",
    Severity.CRITICAL,
    "Mẫu số {value} của thành phần {code} (ô {cell}) khác Mẫu số {headline} của chỉ tiêu {indicator} "
    "(ô {headline_cell}).",
    "Các thành phần của chỉ tiêu này dùng chung một Mẫu số; hãy ghi giống nhau.",
    _JOINT,
)
HEADLINE_EMPTY = Rule(
    "headline_empty",
    Severity.CRITICAL,
    "Chỉ tiêu {code} chỉ báo cáo theo thành phần; ô {cell} ({header}) ở dòng chính đang ghi {value}.",
    "Hãy xóa ô này và chỉ nhập các dòng {components}.",
    "Quy ước của hệ thống: các thành phần có Mẫu số khác nhau thì không cộng được thành một tỷ lệ chung.",
)
NOTE_WHEN_BELOW_TARGET = Rule(
    "note_when_below_target",
    Severity.CRITICAL,
    "{code} đạt {ratio}% (Tử số ô {numerator_cell}, Mẫu số ô {denominator_cell}), thấp hơn mục tiêu {target}%, mà ô "
    "{header} {cell} {lacking}.",
    "Hãy ghi nguyên nhân và hướng khắc phục.",
    "Kế hoạch, mục V.1: theo dõi, đôn đốc việc thực hiện; chỉ tiêu chưa đạt cần biết nguyên nhân để giải quyết.",
)


def figure_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of the indicator sheet of every form that has one."""
    indicators = {indicator.code: indicator for indicator in plan.indicators}
    return (
        *(_missing(column) for column in ("numerator", "denominator")),
        *(_negative(column) for column in ("numerator", "denominator")),
        *(_within_limit(column) for column in ("numerator", "denominator")),
        Check(
            NUMERATOR_LE_DENOMINATOR,
            "numerator",
            PAIR_AT_LEAST,
            at_least("sound_denominator", "sound_numerator"),
            lambda line: f"không lớn hơn Mẫu số ({line.text('denominator')})",
            more=_counts,
            where={"is_typed": True, **bounded_rows(plan)},
            remedy=_swapped,
            also=lambda line: [(line.sheet, line.cell("denominator"))],
        ),
        *_ratio_agrees(plan.limits.ratio_agrees.tolerance_points),
        *_joint(indicators),
        *(_headline_empty(column, indicators) for column in ("numerator", "denominator")),
        note_owed(NOTE_WHEN_BELOW_TARGET, "is_below"),
    )


def bounded_rows(plan: Plan) -> dict[str, bool]:
    """The condition on rows whose numerator is a part of the denominator, where the plan has others."""
    return {"is_bounded": True} if plan.unbounded else {}


def note_owed(rule: Rule, is_missed: str, bound: Callable[[float], float] = float) -> Check:
    """That a target missed is explained in the note; ``bound``: the target as it bounds how the ratio is printed."""
    return Check(
        rule,
        "note",
        VALUE_NOT_NULL,
        {"column": "note"},
        words("nguyên nhân và hướng khắc phục"),
        where={is_missed: True},
        more=lambda line: {
            **_counts(line),
            "ratio": missed_text(line.values["computed_pct"], bound(line.values["goal_pct"])),
            "target": line.text("goal_pct"),
        },
    )


def missed_text(ratio_pct: float, target_pct: float) -> str:
    """The ratio with as many decimals (1 to 6) as it takes to show that it misses the target."""
    return decimal_text(ratio_pct, digits_to_tell(ratio_pct, target_pct))


def _counts(line: Line) -> Mapping[str, Any]:
    return {
        "numerator": line.text("numerator"),
        "denominator": line.text("denominator"),
        "numerator_cell": line.cell("numerator"),
        "denominator_cell": line.cell("denominator"),
    }


def _missing(column: str) -> Check:
    return Check(
        VALUE_MISSING,
        column,
        VALUE_NOT_NULL,
        {"column": column},
        words("số nguyên từ 0 trở lên; không phát sinh thì ghi 0"),
        where={"is_typed": True},
    )


def _negative(column: str) -> Check:
    return Check(NEGATIVE, column, VALUE_BETWEEN, {"column": column, "min_value": 0}, words("từ 0 trở lên"))


def _within_limit(column: str) -> Check:
    return Check(
        COUNT_LIMIT,
        column,
        PAIR_AT_LEAST,
        at_least("count_limit", column),
        lambda line: f"số nguyên từ 0 đến {line.text('count_limit')}",
    )


def _ratio_agrees(tolerance_points: float) -> tuple[Check, Check]:
    def expected(line: Line) -> str:
        return f"{line.text('computed_pct')}%, sai lệch không quá {decimal_text(tolerance_points, 2)} điểm phần trăm"

    return (
        Check(
            RATIO_AGREES,
            "ratio_pct",
            PAIR_CLOSE,
            pair("ratio_pct", "computed_pct", tolerance=tolerance_points),
            expected,
            more=_counts,
        ),
        Check(
            RATIO_AGREES,
            "ratio_pct",
            VALUE_NULL,
            {"column": "ratio_pct"},
            words("để trống, vì Mẫu số là 0 (không phát sinh)"),
            where={"is_typed": True, "denominator": 0.0},
            more=_counts,
        ),
    )


def _joint(indicators: Mapping[str, Indicator]) -> tuple[Check, Check, Check]:
    return (
        Check(
            JOINT_LE_COMPONENTS,
            "numerator",
            PAIR_AT_LEAST,
            at_least("component_min", "sound_numerator"),
            lambda line: f"không lớn hơn {line.text('component_min')}",
            more=lambda line: _smallest(line, indicators),
            others=lambda line: _family(line, indicators),
        ),
        Check(
            JOINT_GE_COMPONENTS,
            "numerator",
            PAIR_AT_LEAST,
            at_least("sound_numerator", "joint_floor"),
            lambda line: f"không nhỏ hơn {line.text('joint_floor')}",
            more=lambda line: {
                **_counts(line),
                "floor": line.text("joint_floor"),
                **_parts(line, indicators),
            },
            others=lambda line: _family(line, indicators),
        ),
        Check(
            COMPONENTS_SAME_DENOMINATOR,
            "denominator",
            PAIR_EQUAL,
            pair("sound_denominator", "headline_denominator"),
            lambda line: line.text("headline_denominator"),
            more=lambda line: {
                "headline": line.text("headline_denominator"),
                "indicator": line.values["indicator"],
                "headline_cell": line.cell_of(line.values["indicator"], "denominator"),
            },
            also=lambda line: [(line.sheet, line.cell_of(line.values["indicator"], "denominator"))],
        ),
    )


def _component_codes(line: Line, indicators: Mapping[str, Indicator]) -> list[str]:
    return [component.code for component in indicators[line.values["indicator"]].components]


def _parts(line: Line, indicators: Mapping[str, Indicator]) -> Mapping[str, str]:
    """What each component says, in words, with their cells."""
    codes = _component_codes(line, indicators)
    cells = (line.cell_of(code, "numerator") for code in codes)
    return {
        "parts": enumeration([f"{shown(line.value_of(code, 'numerator'))} đạt {code}" for code in codes]),
        "component_cells": enumeration([cell for cell in cells if cell]),
        "both": "cả hai" if len(codes) == 2 else f"cả {len(codes)}",
    }


def _family(line: Line, indicators: Mapping[str, Indicator]) -> list[tuple[str, str | None]]:
    """The counts of the components: a judgement of the headline rests on them."""
    codes = _component_codes(line, indicators)
    return [(line.sheet, line.cell_of(code, count)) for code in codes for count in ("numerator", "denominator")]


def _swapped(line: Line) -> str | None:
    """That numerator and denominator changed places, where the row's own past or its indicator's base tells so."""
    top, bottom = line.values["numerator"], line.values["denominator"]
    bases = [line.value_of(line.values["indicator"], "denominator"), line.values["previous_denominator"]]
    cells = line.cell("numerator"), line.cell("denominator")
    told = f"ghi {shown(bottom)} vào ô {cells[0]} (Tử số), {shown(top)} vào ô {cells[1]} (Mẫu số)"
    if bottom and any(top == base != bottom for base in bases):
        return f"Tử số và Mẫu số bị ghi đổi chỗ; hãy {told}."
    return f"Tử số là một phần của Mẫu số. Nếu hai ô bị ghi đổi chỗ thì {told}; nếu không, hãy kiểm tra lại hai ô này."


def _smallest(line: Line, indicators: Mapping[str, Indicator]) -> Mapping[str, Any]:
    counts = {code: line.value_of(code, "numerator") for code in _component_codes(line, indicators)}
    code = min((code for code, count in counts.items() if count is not None and count >= 0), key=counts.__getitem__)
    return {
        "smallest_code": code,
        "smallest": shown(counts[code]),
        "smallest_cell": line.cell_of(code, "numerator"),
    }


def _headline_empty(column: str, indicators: Mapping[str, Indicator]) -> Check:
    return Check(
        HEADLINE_EMPTY,
        column,
        VALUE_NULL,
        {"column": column},
        words("để trống"),
        where={"is_headline": True, "mode": "separate"},
        more=lambda line: {"components": enumeration(_component_codes(line, indicators))},
    )
