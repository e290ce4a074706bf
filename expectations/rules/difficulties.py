"""The rules of the free sheet of difficulties and proposals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.received.submission import Content
from expectations.frames.rows import read_sheet
from expectations.rule import VALUE_NULL, Check, words

if TYPE_CHECKING:
    import pandas as pd

DIFFICULTY_INCOMPLETE = Rule(
    "difficulty_incomplete",
    Severity.CRITICAL,
    "Dòng này có nội dung mà ô {header} {cell} còn trống.",
    "Hãy ghi {expected}, hoặc xóa cả dòng.",
    "Kế hoạch, mục V.1: khó khăn, vướng mắc được báo cáo để giải quyết; thiếu nội dung thì không có gì để giải quyết.",
)


def difficulties_frame(plan: Plan, contents: Sequence[Content]) -> "pd.DataFrame":
    """The rows of every sheet of difficulties, with 1 in ``lacks_difficulty`` and ``lacks_proposal`` where it is asked.

    A row that says anything says what the difficulty is; one that goes beyond the unit's authority says what is asked.
    """
    frame = read_sheet(plan, contents, "difficulties")
    is_beyond = frame["is_beyond_authority"].isin([True])
    texts = [name for name in ("cause", "proposal", "settled_by") if name in frame]
    has_more = frame[texts].notna().any(axis="columns") | is_beyond
    frame["lacks_difficulty"] = (has_more & frame["difficulty"].isna()).map({True: 1.0})
    frame["lacks_proposal"] = (is_beyond & frame["proposal"].isna()).map({True: 1.0})
    return frame


def difficulty_checks(_: Plan) -> tuple[Check, ...]:
    """The checks of the sheet of difficulties of every form that has one."""
    return (
        _complete("difficulty", "khó khăn, vướng mắc cụ thể"),
        _complete("proposal", "kiến nghị gửi cơ quan có thẩm quyền"),
    )


def _complete(column: str, expected: str) -> Check:
    options = {"column": f"lacks_{column}"}
    return Check(DIFFICULTY_INCOMPLETE, column, VALUE_NULL, options, words(expected))
