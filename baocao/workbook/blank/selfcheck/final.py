"""The self-assessment in formulas: each result against the figures of the same workbook."""

from collections.abc import Iterator

from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.indicator import Figure, Indicator, figures_of
from baocao.domain.reported.assessment import FinalResult, Proposal
from baocao.workbook.blank.selfcheck.figures import is_below
from baocao.workbook.blank.selfcheck.formulas import all_of, any_of, literal
from baocao.workbook.blank.selfcheck.statement import Statement, Table
from baocao.workbook.blank.selfcheck.tasks import choice_statement, is_listed
from baocao.workbook.layout import Line


def assessment_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the sheet; the figures' come before."""
    if not table.has("result", "proposal", "adjustment"):
        return
    indicators = {one.code: one for one in table.desk.occasion.plan.indicators}
    for line in table.rows():
        for column in table.sheet.columns:
            if column.type is ColumnType.CHOICE:
                yield choice_statement(table, line, column.key, table.work.text(table.cell(line, column.key)))
            if column.required and not column.given:
                yield table.required(line, column)
        if line.entry:
            yield from _of_result(table, line, indicators[line.entry.code])
        nothing = f"{table.work.says_nothing(table.cell(line, 'adjustment'))}=1"
        proposal = table.work.text(table.cell(line, "proposal"))
        fails = all_of(f"{proposal}={literal(Proposal.ADJUST.value)}", nothing)
        yield table.missing("adjustment_explained", line, "adjustment", fails, "ghi nội dung điều chỉnh.")


def _of_result(table: Table, line: Line, indicator: Indicator) -> Iterator[Statement]:
    sound = table.desk.sound.get(indicator.code)
    judged = [one for one in figures_of(indicator) if one.is_typed and (one.is_headline or indicator.is_separate)]
    if sound is None or not judged:
        return
    result = table.work.text(table.cell(line, "result"))
    fails = all_of(
        f"{sound}=1", is_listed(result, table.sheet.column("result")), f"{result}<>{_computed(table, judged)}"
    )
    words = "Kết quả không khớp số liệu ở trang Chỉ tiêu."
    yield table.broken("result_agrees", line, "result", fails, words)


def _computed(table: Table, judged: list[Figure]) -> str:
    """The working cell of what the figures say."""
    counts = [table.desk.counts[one.code] for one in judged]
    has_occurred = any_of(*(f"{one.denominator}>0" for one in counts))
    is_missed = any_of(*(is_below(*pair) for pair in zip(counts, judged, strict=True)))
    missed, reached, none = (
        literal(one.value) for one in (FinalResult.MISSED, FinalResult.REACHED, FinalResult.NOT_APPLICABLE)
    )
    return table.work.add(f"IF({has_occurred},IF({is_missed},{missed},{reached}),{none})")
