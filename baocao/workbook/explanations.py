"""Giải trình: what a clerk answers to warnings, beside each one on the first sheet of a returned workbook."""

from baocao.domain.received.explanation import Explained
from baocao.domain.received.finding import Finding, Severity, clip
from baocao.workbook.cells import fold, folded, parse_text
from baocao.workbook.formats.grid import Grid

RESULT_SHEET = "Kết quả kiểm tra"
EXPLANATION, RULE_HEADER = "Giải trình", "Quy tắc"
_SHEET, _CELL, _VALUE = "Trang", "Ô", "Đang ghi"
_ASKED = frozenset({"all_unchanged"})
"""Critical rules that are a question: an answer lets the workbook pass."""
_LONGEST = 1000
MUST_MEND = "– phải sửa"
"""Where an answer would stand beside what must be mended."""
_NO_ANSWER = frozenset(map(fold, (MUST_MEND, "–")))


def is_answered(finding: Finding) -> bool:
    """Whether an explanation may stand in place of mending: a warning, or a question."""
    return finding.severity is Severity.WARNING or finding.rule in _ASKED


def explanations_in(grid: Grid) -> tuple[Explained, ...]:
    """The answers on a sheet of results; none where it is not ours."""
    wanted = {fold(text): text for text in (_SHEET, _CELL, _VALUE, EXPLANATION, RULE_HEADER)}
    for number, row in enumerate(grid.rows):
        places = {wanted[text]: at for at, raw in enumerate(row) if (text := folded(raw)) in wanted}
        if len(places) == len(wanted):
            return tuple(_answers(grid, range(number + 1, len(grid.rows)), places))
    return ()


def _answers(grid: Grid, numbers: range, places: dict[str, int]) -> list[Explained]:
    found = []
    for number in numbers:
        texts = {name: parse_text(grid.raw(number, at)) or "" for name, at in places.items()}
        answer = clip(texts[EXPLANATION], _LONGEST)
        if texts[RULE_HEADER] and answer and fold(answer) not in _NO_ANSWER:
            found.append(Explained(texts[RULE_HEADER], texts[_SHEET], texts[_CELL], answer))
    return found
