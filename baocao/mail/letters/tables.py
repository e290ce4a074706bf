"""The tables of an answer: findings by sheet with the worst first, and figures as they were read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import Figure, bound
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.in_word import is_in_word, line_of
from baocao.domain.received.submission import Content, Row
from baocao.domain.reported.history import has_like_past
from baocao.domain.reported.outcome import target_text
from baocao.domain.reported.progress import is_reached, ratio_pct
from baocao.domain.wording import NOT_APPLICABLE, count_text, decimal_text, percent_text, shown_change

WHOLE_FILE = "Cả tệp"
_SHOWN = 100
_SHOWN_STEP = 0.05


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding as it is shown."""

    place: str
    label: str
    is_critical: bool
    message: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one sheet, or of one table of a Word document. ``left_out``: those for which there is no room."""

    sheet: str
    critical: int
    lines: tuple[FindingLine, ...]
    left_out: int
    is_document: bool = False

    @property
    def title(self) -> str:
        """What stands above them: a sheet's name, a table of a Word document, the whole file."""
        return self.sheet if self.is_document or self.sheet == WHOLE_FILE else f"Trang “{self.sheet}”"


def finding_groups(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Findings by sheet: the sheet with most critical ones first, critical before warnings, else in reading order.

    A mail shows at most a hundred findings; the groups say how many more there are.
    """
    sheets = grouped(findings, lambda finding: finding.sheet or WHOLE_FILE)
    ordered = sorted(sheets.items(), key=lambda item: (item[0] != WHOLE_FILE, -_critical(item[1])))
    groups: list[FindingGroup] = []
    room = _SHOWN
    for sheet, found in ordered:
        worst_first = sorted(found, key=lambda finding: finding.severity.rank)
        lines = tuple(_finding_line(finding) for finding in worst_first[:room])
        left_out = len(found) - len(lines)
        groups.append(FindingGroup(sheet, _critical(found), lines, left_out, is_in_word(found[0])))
        room -= len(lines)
    return tuple(groups)


def _critical(findings: Iterable[Finding]) -> int:
    return sum(finding.severity is Severity.CRITICAL for finding in findings)


def _cells(finding: Finding) -> str:
    """``Ô D12``, and how many further cells the same cause has; of a Word document ``Dòng “Kỳ báo cáo”``, too."""
    if line := line_of(finding):
        return f"Dòng “{line}”"
    more = f" và {len(finding.also)} ô khác" if finding.also else ""
    return f"Ô {finding.cell}{more}" if finding.cell else ""


def _finding_line(finding: Finding) -> FindingLine:
    return FindingLine(
        place=_cells(finding),
        label=f"dòng {finding.code}" if finding.code else "",
        is_critical=finding.severity is Severity.CRITICAL,
        message=finding.message,
        value=finding.value or "",
        expected=finding.expected or "",
    )


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure as it was read, in words. ``reached`` is None where nothing occurred or there is no ratio."""

    code: str
    name: str
    is_headline: bool
    counts: str
    ratio: str
    target: str
    change: str
    reached: bool | None


def figure_lines(plan: Plan, content: Content, previous: Mapping[str, float | None]) -> tuple[FigureLine, ...]:
    """Every figure of the plan that the workbook has a row for, in the plan's order; none where it has no figures.

    A headline without a ratio of its own (A4, B8) stands as its worst component does. ``previous`` are the last ratios
    in percent by code; a figure that summed something else then has no change.
    """
    plan = (plan.at(content.period) if content.period else plan).aimed_at(content.unit or "")
    rows = {row.code: row for row in content.rows("figures") if row.code}
    present = [figure for figure in plan.figures if figure.code in rows]
    reached = {figure.code: _is_reached(rows[figure.code], figure) for figure in present}
    parts: dict[str, list[bool]] = {}
    for figure in present:
        if not figure.is_headline and (is_met := reached[figure.code]) is not None:
            parts.setdefault(figure.indicator, []).append(is_met)
    for figure in present:
        if not figure.is_typed and figure.code in parts:
            reached[figure.code] = all(parts[figure.code])
    form = plan.forms.get(content.form or "")
    before = {one.code: previous.get(one.code) for one in present if form is None or has_like_past(form, one)}
    return tuple(
        _figure_line(figure, rows[figure.code], before.get(figure.code), reached[figure.code]) for figure in present
    )


def _is_reached(row: Row, figure: Figure) -> bool | None:
    counts = row.values.get("numerator"), row.values.get("denominator")
    return is_reached(*counts, figure.target_pct, figure.direction)


def _figure_line(figure: Figure, row: Row, before: float | None, reached: bool | None) -> FigureLine:
    numerator, denominator = row.values.get("numerator"), row.values.get("denominator")
    ratio = ratio_pct(numerator, denominator)
    return FigureLine(
        code=figure.code,
        name=figure.name,
        is_headline=figure.is_headline,
        counts=f"{count_text(numerator)}/{count_text(denominator)}" if denominator is not None else "",
        ratio=_ratio_text(ratio, denominator, bound(figure)) if figure.is_typed else "",
        target=target_text(figure),
        change=_change_text(ratio, before, bound(figure)),
        reached=reached,
    )


def _ratio_text(ratio: float | None, denominator: float | None, target_pct: float) -> str:
    if ratio is not None:
        return percent_text(ratio, target_pct)
    return NOT_APPLICABLE if denominator == 0 else "–"


def _change_text(ratio: float | None, before: float | None, target_pct: float) -> str:
    if ratio is None or before is None:
        return ""
    points = shown_change(ratio, before, target_pct)
    if abs(points) < _SHOWN_STEP:
        return "không đổi"
    return f"{'tăng' if points > 0 else 'giảm'} {decimal_text(abs(points))}"


def headline_counts(lines: Iterable[FigureLine]) -> tuple[int, int]:
    """How many indicators reach their target, and for how many something occurred at all."""
    judged = [line.reached for line in lines if line.is_headline and line.reached is not None]
    return sum(judged), len(judged)
