"""The rules of the free sheet of difficulties and proposals."""

from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from expectations.rule import VALUE_NULL, Check, words

DIFFICULTY_INCOMPLETE = Rule(
    "difficulty_incomplete",
    Severity.CRITICAL,
    "Dòng này có nội dung mà ô {header} {cell} còn trống.",
    "Hãy ghi {expected}, hoặc xóa cả dòng.",
    "Kế hoạch, mục V.1: khó khăn, vướng mắc được báo cáo để giải quyết; thiếu nội dung thì không có gì để giải quyết.",
)


def difficulty_checks(_: Plan) -> tuple[Check, ...]:
    """The checks of the sheet of difficulties of every form that has one."""
    return (
        _complete("difficulty", "khó khăn, vướng mắc cụ thể"),
        _complete("proposal", "kiến nghị gửi cơ quan có thẩm quyền"),
    )


def _complete(column: str, expected: str) -> Check:
    options = {"column": f"lacks_{column}"}
    return Check(DIFFICULTY_INCOMPLETE, column, VALUE_NULL, options, words(expected))
