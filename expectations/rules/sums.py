"""The rule that holds a closing form against the months: what flowed over the whole is the sum of its parts."""

from dataclasses import replace

from baocao.domain.planned.choices import FinalSum
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from expectations.rule import PAIR_EQUAL, Check, Line, pair

COUNTS = ("numerator", "denominator")
_SUMS = "Quy ước của hệ thống: số phát sinh của cả thời gian là tổng số phát sinh của từng kỳ đã được chấp nhận."

FINAL_SUM_AGREES = Rule(
    "final_sum_agrees",
    Severity.CRITICAL,
    "{header} của {code} tại ô {cell} là {value}, khác {expected}, tổng các kỳ đã được chấp nhận ({months}{missing}).",
    "Số của cả thời gian phải bằng tổng các kỳ; hãy sửa ô này, hoặc nộp lại báo cáo của kỳ có số sai.",
    _SUMS,
)
FINAL_SUM_DIFFERS = replace(FINAL_SUM_AGREES, severity=Severity.WARNING)
FINAL_SUM_OPEN = Rule(
    "final_sum_agrees",
    Severity.WARNING,
    "Số của cả thời gian ở {open_codes} lớn hơn tổng các kỳ đã được chấp nhận ({months}{missing}): {header} của {code} "
    "tại ô {cell} là {value}, tổng các kỳ là {expected}.",
    "Nếu phần chênh là số của kỳ chưa có báo cáo thì giữ nguyên; nếu không, hãy sửa lại.",
    _SUMS,
)


def sum_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of FLOW figures of every closing form; none where the plan does not ask."""
    if plan.final_sum is FinalSum.OFF:
        return ()
    rule = FINAL_SUM_AGREES if plan.final_sum is FinalSum.CRITICAL else FINAL_SUM_DIFFERS
    return tuple(
        _agrees(which, count, against)
        for which, against in ((rule, "due"), (FINAL_SUM_OPEN, "open"))
        for count in COUNTS
    )


def _agrees(rule: Rule, count: str, against: str) -> Check:
    return Check(
        rule,
        count,
        PAIR_EQUAL,
        pair(count, f"{count}_{against}"),
        lambda line: line.text(f"{count}_{against}"),
        more=_months,
    )


def _months(line: Line) -> dict[str, str]:
    missing = line.values["months_missing"]
    return {
        "open_codes": line.text("open_codes"),
        "months": line.values["months"],
        "missing": f"; chưa có {missing}" if missing else "",
    }
