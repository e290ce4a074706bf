"""From what every rule found to what its reader must mend: one cause, one finding.

A finding that only follows from another is left out: a judgement that rests on a cell that is wrong already, a warning
about a figure that a critical finding doubts. What one slip of the hand did to many cells is one finding, whose
further cells are its ``also``. Pure.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from baocao.domain.grouping import grouped
from baocao.domain.received.finding import Finding, Place, Severity
from baocao.domain.received.submission import Content

_ROWS = 5
"""From so many rows on, what is empty was left empty as a whole."""
_LISTED = 8

_TIERS: tuple[frozenset[str], ...] = (
    frozenset({"value_missing", "negative", "count_limit", "progress_range", "cutoff_window", "headline_empty"}),
    frozenset({"numerator_le_denominator", "start_after_due", "due_within_pilot", "amount_unit", "amount_positive"}),
    frozenset({"components_same_denominator", "ratio_agrees", "due_changed"}),
)
"""What is judged first: later rules rest on what these ask."""
_OF_ONE_CHANGE = ("stock_denominator_jump", "ratio_drop", "ratio_jump", "outlier")
"""What one changed figure sets off, the nearest to the cause first."""
_DOUBTING = frozenset(
    {
        "ratio_agrees", "components_same_denominator", "joint_le_components", "joint_ge_components",
        "final_sum_agrees", "done_means_100", "not_started_means_0", *_OF_ONE_CHANGE,
    }
)  # fmt: skip
"""Rules that say that something in the cells they rest on is wrong, and not which."""
_TOGETHER = {
    "not_a_number": 5, "ambiguous_number": 3, "not_whole": 3, "not_a_date": 3, "not_in_list": 3, "cell_error": 3,
    "value_read": 2, "row_unknown": 3, "character_unprintable": 3, "ratio_agrees": 3, "numerator_le_denominator": 3,
    "due_changed": 3, "amount_unit": 2, "count_limit": 5, "evidence_missing": 5, "product_numbered": 3,
    "done_date_in_past": 3, "due_within_pilot": 3, "budget_task_known": 5,
}  # fmt: skip
"""So many findings of one rule in one column are one habit or one paste."""
_TWICE = frozenset({"not_a_number", "ambiguous_number", "not_whole", "not_a_date", "not_in_list", "cell_error"})
"""Rules of which the very same text in a column twice is one cause."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a rule found, and the cells that its judgement rests on; ``order`` is its place in the list.

    ``is_cause``: where it is told, what else is said about these cells may follow from it.
    """

    order: tuple[int, ...]
    finding: Finding
    rests_on: frozenset[Place]
    is_cause: bool = True


def causes(content: Content, suspicions: Sequence[Suspicion]) -> list[Finding]:
    """What was found in reading, then what the rules found, consequences left out and one cause told once."""
    wrong = _wrong_in_reading(content)
    kept: list[Suspicion] = []
    doubted: set[Place] = set()
    for _, tier in groupby(sorted(suspicions, key=_rank), key=lambda one: _tier(one.finding)):
        left = [one for one in tier if not one.rests_on & (wrong | doubted if _is_warning(one) else wrong)]
        kept += left
        wrong |= {place for one in left if not _is_warning(one) for place in one.finding.places}
        doubted |= {place for one in left if _doubts(one) for place in one.rests_on}
    found = [one.finding for one in sorted(kept, key=lambda one: one.order)]
    return _told_once((*content.findings, *found))


def _rank(one: Suspicion) -> tuple[int, tuple[int, ...]]:
    return _tier(one.finding), one.order


def _doubts(one: Suspicion) -> bool:
    return one.is_cause and one.finding.rule in _DOUBTING


def _is_warning(one: Suspicion) -> bool:
    return one.finding.severity is not Severity.CRITICAL


def _tier(finding: Finding) -> int:
    if finding.rule in _OF_ONE_CHANGE:
        return len(_TIERS) + 1 + _OF_ONE_CHANGE.index(finding.rule)
    if finding.severity is not Severity.CRITICAL:
        return len(_TIERS) + 1 + len(_OF_ONE_CHANGE)
    return next((tier for tier, rules in enumerate(_TIERS) if finding.rule in rules), len(_TIERS))


def _wrong_in_reading(content: Content) -> set[Place]:
    """The cells that could not be read; of a code that is there twice, all of its row."""
    wrong: set[Place] = set()
    for finding in content.findings:
        if finding.severity is Severity.CRITICAL:
            wrong |= set(finding.places)
            if finding.rule == "row_duplicate":
                wrong |= _row_cells(content, finding)
    return wrong


def _row_cells(content: Content, finding: Finding) -> set[Place]:
    return {
        (table.sheet, f"{letter}{row.number}")
        for table in content.tables.values()
        if table.sheet == finding.sheet
        for row in table.rows
        if row.code == finding.code
        for letter in table.columns.values()
    }


Key = Callable[[Finding], object]


def _told_once(findings: Iterable[Finding]) -> list[Finding]:
    found = _joined(findings, _same_row, lambda rule: 2 if rule == "value_missing" else 0)
    found = _joined(found, _same_sheet, lambda rule: _ROWS if rule == "value_missing" else 0)
    found = _joined(found, _same_base, lambda rule: 2 if rule == "components_same_denominator" else 0)
    found = _joined(found, _same_merge, lambda rule: 2 if rule == "cells_merged" else 0)
    found = _joined(found, _same_text, lambda rule: 2 if rule in _TWICE else 0)
    return _joined(found, _same_column, lambda rule: _TOGETHER.get(rule, 0))


def _joined(findings: Iterable[Finding], key_of: Key, least: Callable[[str], int]) -> list[Finding]:
    """The findings, those of one key joined at the first one's place where there are at least so many of them."""

    def cause(finding: Finding) -> Hashable:
        is_asked = least(finding.rule) > 0 and finding.cell is not None
        return (finding.rule, finding.severity, finding.sheet, key_of(finding)) if is_asked else id(finding)

    joined: list[Finding] = []
    for group in grouped(findings, cause).values():
        is_one = len(group) > 1 and len(group) >= least(group[0].rule)
        joined += [_join(group)] if is_one else group
    return joined


def _join(group: Sequence[Finding]) -> Finding:
    first = group[0]
    places = list(dict.fromkeys(place for finding in group for place in finding.places))
    others = [place for place in places if place != (first.sheet, first.cell)]
    return replace(first, message=_message(group, [cell for _, cell in others]), also=tuple(others))


def _message(group: Sequence[Finding], cells: Collection[str]) -> str:
    first = group[0]
    more = ", ".join(list(cells)[:_LISTED]) + (" …" if len(cells) > _LISTED else "")
    if first.rule == "ratio_agrees":
        return (
            f"{len(group)} ô tỷ lệ (từ ô {first.cell}: {more}) được ghi hoặc dán tay và không khớp với Tử số, Mẫu số, "
            f"như ô {first.cell} ghi {first.value}% mà đúng là {first.expected}. Hãy để công thức tự tính, hoặc xóa "
            "trắng các ô này."
        )
    if first.rule == "numerator_le_denominator":
        return (
            f"Tử số lớn hơn Mẫu số ở {len(group)} dòng (ô {first.cell}, {more}); có lẽ hai cột bị ghi đổi chỗ. Tử số "
            "là một phần của Mẫu số: hãy đổi lại số giữa hai cột ở các dòng này."
        )
    if first.rule == "components_same_denominator":
        return f"{first.message} Các thành phần ghi giống nhau, nên hãy xem trước hết Mẫu số ở dòng chính."
    return f"{first.message} Cũng vậy ở {len(cells)} ô khác: {more}."


def _row_number(finding: Finding) -> str:
    return (finding.cell or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _same_row(finding: Finding) -> object:
    return finding.code or "", _row_number(finding)


def _same_sheet(finding: Finding) -> object:
    return finding.code is not None


def _same_base(finding: Finding) -> object:
    return (finding.code or "").rpartition(".")[0], finding.value


def _same_merge(finding: Finding) -> object:
    return finding.value, finding.expected, finding.severity is Severity.CRITICAL or finding.cell


def _same_text(finding: Finding) -> object:
    return _same_column(finding), finding.value


def _same_column(finding: Finding) -> object:
    return (finding.cell or "").rstrip("0123456789")
