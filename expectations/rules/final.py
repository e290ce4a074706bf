"""The rules of the final self-assessment."""

from baocao.domain.planned.indicator import Indicator, figures_of
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.reported.assessment import Proposal
from expectations.rule import PAIR_EQUAL, VALUE_NOT_NULL, Check, Line, pair, words
from expectations.rules.missing import sheet_checks

RESULT_AGREES = Rule(
    "result_agrees",
    Severity.CRITICAL,
    "Chỉ tiêu {code}: ô {cell} tự đánh giá “{value}” nhưng số liệu ở trang “{figures}” cho kết quả “{expected}”.",
    "Hãy chọn lại Kết quả, hoặc sửa số liệu của chỉ tiêu này.",
    "Kế hoạch, mục I.3 và V.1: kết quả tổng kết là số liệu so với mục tiêu, không phải ý kiến riêng.",
)
ADJUSTMENT_EXPLAINED = Rule(
    "adjustment_explained",
    Severity.CRITICAL,
    "Chỉ tiêu {code}: ô {proposal_cell} đề xuất “{proposal}” nhưng ô {header} {cell} {lacking}.",
    "Hãy ghi nội dung cần điều chỉnh.",
    "Kế hoạch, mục V.1: tổng kết để hoàn thiện mô hình; đề xuất điều chỉnh phải nói rõ điều chỉnh gì.",
)


def assessment_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of the self-assessment of every form that has one."""
    indicators = {one.code: one for one in plan.indicators}
    return (
        *sheet_checks(plan, "assessments"),
        Check(
            RESULT_AGREES,
            "result",
            PAIR_EQUAL,
            pair("result", "computed_result"),
            lambda line: line.text("computed_result"),
            more=lambda line: {"figures": line.content.tables["figures"].sheet},
            others=lambda line: _counts_of(line, indicators[line.code or ""]),
        ),
        Check(
            ADJUSTMENT_EXPLAINED,
            "adjustment",
            VALUE_NOT_NULL,
            {"column": "adjustment"},
            words("nội dung điều chỉnh"),
            where={"proposal": Proposal.ADJUST.value},
            more=lambda line: {"proposal": line.text("proposal"), "proposal_cell": line.cell("proposal")},
        ),
    )


def _counts_of(line: Line, indicator: Indicator) -> list[tuple[str, str | None]]:
    """The cells of the counts that an indicator's result is computed from."""
    table = line.content.tables["figures"]
    codes = {figure.code for figure in figures_of(indicator) if figure.is_typed}
    rows = [row for row in table.rows if row.code in codes]
    return [(table.sheet, table.cell(row, count)) for row in rows for count in ("numerator", "denominator")]
