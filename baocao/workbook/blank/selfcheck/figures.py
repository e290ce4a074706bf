"""The indicator sheet in formulas: counts in themselves, against each other, against the target."""

from collections.abc import Iterator, Sequence

from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import ComponentsMode, Figure
from baocao.domain.reported.progress import share_of
from baocao.workbook.blank.selfcheck.formulas import all_of, is_empty, is_number, is_whole
from baocao.workbook.blank.selfcheck.statement import Counts, Statement, Table
from baocao.workbook.layout import Line

_PARTS = ("numerator", "denominator")
_WHAT = {"numerator": "Tử số", "denominator": "Mẫu số"}
Row = tuple[Line, Figure]


def figure_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the sheet; fills the desk's counts."""
    if not table.has(*_PARTS):
        return
    rows = [(line, line.entry.figure) for line in table.rows() if line.entry and line.entry.figure]
    for line, figure in rows:
        yield from _of_counts(table, line, figure) if figure.is_typed else _of_closed(table, line)
    families = grouped((row for row in rows if row[1].is_typed), lambda row: row[1].indicator)
    for indicator, family in families.items():
        yield from _of_family(table, indicator, family)
        for row in family:
            yield from _of_row(table, *row, table.desk.sound[indicator])


def _of_closed(table: Table, line: Line) -> Iterator[Statement]:
    for key in _PARTS:
        yield table.broken(
            "headline_empty", line, key, is_number(table.cell(line, key)), "để trống dòng này, chỉ nhập các thành phần."
        )


def _of_counts(table: Table, line: Line, figure: Figure) -> Iterator[Statement]:
    limit = table.desk.occasion.plan.count_limit_of(figure.indicator)
    numbers = {key: table.work.number(table.cell(line, key)) for key in _PARTS}
    table.desk.counts[figure.code] = Counts(*(table.work.count(number, limit) for number in numbers.values()))
    for key, number in numbers.items():
        what = _WHAT[key]
        yield table.unread(line, key, number, "not_a_number", f"{what} phải là số; không phát sinh thì ghi 0.")
        fails = all_of(is_number(number), f"NOT({is_whole(number)})")
        yield table.broken("not_whole", line, key, fails, f"{what} phải là số nguyên đếm được.")
        whole = all_of(is_number(number), is_whole(number))
        yield table.broken("negative", line, key, all_of(whole, f"{number}<0"), f"{what} không được nhỏ hơn 0.")
        yield table.broken("count_limit", line, key, all_of(whole, f"{number}>{limit}"), f"{what} quá lớn, xem lại.")
    yield from _of_empty(table, line)


def _of_empty(table: Table, line: Line) -> Iterator[Statement]:
    """Counts that are empty, but beside a cell that says both: «68/69», «không có»."""
    for key, other in zip(_PARTS, reversed(_PARTS), strict=True):
        beside = table.cell(line, other)
        is_said = all_of(f"ISTEXT({beside})", f"NOT({is_empty(beside)})")
        says_none = all_of(is_said, f"{table.work.says_nothing(beside)}=1")
        says_both = f'OR(ISNUMBER(FIND("/",{beside})),{says_none})'
        fails = all_of(is_empty(table.cell(line, key)), f"NOT({says_both})")
        yield table.missing(
            "value_missing", line, key, fails, f"ghi {_WHAT[key]}; không phát sinh thì ghi 0 ở cả hai ô."
        )


def _of_family(table: Table, indicator: str, family: Sequence[Row]) -> Iterator[Statement]:
    """What the rows of an indicator say of each other, where each of them is sound in itself."""
    counts = [table.desk.counts[figure.code] for _, figure in family]
    (line, first), head = family[0], counts[0]
    is_sound = [one.are_ordered for one in counts]
    if first.mode is ComponentsMode.JOINT and first.is_headline and len(family) > 1:
        for (row, _), part in zip(family[1:], counts[1:], strict=True):
            fails = all_of(part.are_known, head.are_known, f"{part.denominator}<>{head.denominator}")
            fails = all_of(fails, part.are_ordered, head.are_ordered)
            words = f"Mẫu số phải bằng Mẫu số của {indicator} (ô {table.address(line, 'denominator')})."
            yield table.broken("components_same_denominator", row, "denominator", fails, words)
        is_sound += [f"{part.denominator}={head.denominator}" for part in counts[1:]]
    table.desk.sound[indicator] = table.work.add(f"IFERROR(IF({all_of(*is_sound)},1,0),0)")
    if len(is_sound) > len(counts):
        yield from _of_joint(table, line, counts, f"{table.desk.sound[indicator]}=1")


def _of_joint(table: Table, line: Line, counts: Sequence[Counts], is_sound: str) -> Iterator[Statement]:
    head, parts = counts[0], [one.numerator for one in counts[1:]]
    listed, others = ",".join(parts), len(parts) - 1
    too_many = all_of(is_sound, f"{head.numerator}>MIN({listed})")
    words = "Tử số dòng chính lớn hơn thành phần nhỏ nhất; chỉ đếm số đạt mọi thành phần."
    yield table.broken("joint_le_components", line, "numerator", too_many, words)
    too_few = all_of(is_sound, f"{head.numerator}<SUM({listed})-{others}*{head.denominator}")
    words = "Tử số dòng chính nhỏ hơn mức mà các thành phần cho phép; đếm lại."
    yield table.broken("joint_ge_components", line, "numerator", too_few, words)


def _of_row(table: Table, line: Line, figure: Figure, is_family_sound: str) -> Iterator[Statement]:
    counts = table.desk.counts[figure.code]
    top, base = counts
    if figure.is_bounded:
        fails = all_of(counts.are_known, f"{top}>{base}")
        words = "Tử số đang lớn hơn Mẫu số; xem lại hai ô, có thể ghi đổi chỗ."
        yield table.broken("numerator_le_denominator", line, "numerator", fails, words)
    yield from _of_assigned(table, line, figure)
    if table.has("ratio_pct"):
        ratio, tolerance = table.cell(line, "ratio_pct"), table.desk.occasion.plan.limits.ratio_agrees.tolerance_points
        fails = f"IF({base}=0,TRUE,ROUND(ABS({ratio}-{top}*100/{base}),6)>{tolerance})"
        fails = all_of(is_number(ratio), counts.are_ordered, fails)
        yield table.broken("ratio_agrees", line, "ratio_pct", fails, "Tỷ lệ ghi tay không khớp; để công thức tự tính.")
    if table.has("note") and _is_judged(figure):
        is_right = counts.are_ordered if figure.mode is ComponentsMode.SEPARATE else f"{is_family_sound}=1"
        fails = all_of(is_right, is_below(counts, figure), f"{table.work.says_nothing(table.cell(line, 'note'))}=1")
        apart = "cao hơn mức tối đa" if figure.is_lower else "thấp hơn mục tiêu"
        words = f"{apart}, ghi nguyên nhân và hướng khắc phục ở Ghi chú."
        yield table.missing("note_when_below_target", line, "note", fails, words)


def _of_assigned(table: Table, line: Line, figure: Figure) -> Iterator[Statement]:
    """What was assigned to the unit stands in the form; it is not a unit's to change."""
    assigned = figure.assigned.get(table.desk.occasion.unit.code)
    if assigned is not None:
        base = table.desk.counts[figure.code].denominator
        fails = all_of(table.desk.counts[figure.code].are_known, f"{base}<>{assigned}")
        yield table.broken("as_assigned", line, "denominator", fails, f"Mẫu số là kế hoạch giao, phải là {assigned}.")


def is_below(counts: Counts, figure: Figure) -> str:
    """Whether a ratio misses its target, judged on whole numbers."""
    target = share_of(figure.target_pct)
    top, base = counts
    return f"AND({base}>0,{top}*{target.whole}{'>' if figure.is_lower else '<'}{base}*{target.part})"


def _is_judged(figure: Figure) -> bool:
    return figure.is_headline or figure.mode is ComponentsMode.SEPARATE
