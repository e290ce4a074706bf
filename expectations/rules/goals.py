"""The rules of figures that are not a share to be as high as can be: counts and amounts, and what is better lower."""

from collections.abc import Iterator

from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import Most
from expectations.rule import PAIR_EQUAL, Check, pair
from expectations.rules.figures import note_owed

NOTE_WHEN_ABOVE_MOST = Rule(
    "note_when_below_target",
    Severity.CRITICAL,
    "{code} là {ratio}% (Tử số ô {numerator_cell}, Mẫu số ô {denominator_cell}), cao hơn mức tối đa {target}%, mà ô "
    "{header} {cell} {lacking}.",
    "Hãy ghi nguyên nhân và hướng khắc phục.",
    "Kế hoạch, mục V.1: theo dõi, đôn đốc việc thực hiện; chỉ tiêu chưa đạt cần biết nguyên nhân để giải quyết.",
)
AS_ASSIGNED = Rule(
    "as_assigned",
    Severity.CRITICAL,
    "Mẫu số {value} của {code} (ô {cell}) khác kế hoạch giao cho đơn vị là {assigned}.",
    "Mẫu số của chỉ tiêu này là kế hoạch giao, biểu mẫu đã ghi sẵn; hãy ghi lại như cũ.",
    "Quy ước của hệ thống: kế hoạch giao cho đơn vị do Kế hoạch quy định, đơn vị chỉ báo cáo kết quả thực hiện.",
)


def goal_checks(plan: Plan) -> Iterator[Check]:
    """The checks of such figures, where a plan has them."""
    if plan.unbounded:
        yield _AS_ASSIGNED_CHECK
    if plan.has_lower:
        yield note_owed(NOTE_WHEN_ABOVE_MOST, "is_above", Most)


_AS_ASSIGNED_CHECK = Check(
    AS_ASSIGNED,
    "denominator",
    PAIR_EQUAL,
    pair("sound_denominator", "assigned"),
    lambda line: line.text("assigned"),
    where={"is_bounded": False},
    more=lambda line: {"assigned": line.text("assigned")},
)
