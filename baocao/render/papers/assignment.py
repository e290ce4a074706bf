"""Báo cáo phân công, dự toán: its annexes and key figures."""

from collections.abc import Sequence
from functools import partial

from baocao.domain.reported.assignment import Assignment, AssignmentReport, BudgetSum
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import tally
from baocao.domain.wording import date_text, decimal_text, enumeration
from baocao.narrative.assignment import counts, narrate_assignment, unit_sums
from baocao.narrative.phrases import padded
from baocao.narrative.story import Column, Table, TableRow
from baocao.render.papers.paper import Annex, Paper, front_parts, mail_part
from baocao.render.papers.shared import closing_annexes, first_units
from baocao.render.tables import STATES, cut, heading
from baocao.render.xlsx.assignment import assignment_book, budget_book

BUDGET_BOOK = "du-toan.xlsx"
_SECTIONS = ("II. NỘI DUNG CHƯA PHÂN CÔNG ĐẦY ĐỦ", "III. DỰ TOÁN KINH PHÍ", "IV. ĐỀ XUẤT, KIẾN NGHỊ")
_MOST_COLUMNS = 5
_NO_BUDGET = "Các đơn vị không đề nghị kinh phí."


def assignment_paper(report: AssignmentReport) -> Paper:
    """The report on assignments and budgets as a paper."""
    story = narrate_assignment(report)
    return Paper(
        report=report,
        story=story,
        title="Phân công nhiệm vụ và dự toán kinh phí",
        subtitle=story.subject,
        annexes=(_assignments(report), _gaps(report), _budget(report), *closing_annexes(report)),
        key_figures=_key_figures(report),
        mail_parts=(*front_parts(story), *(mail_part(one) for one in story.sections if one.title in _SECTIONS)),
        books={"so-lieu.xlsx": partial(assignment_book, report), BUDGET_BOOK: partial(budget_book, report)},
    )


def _key_figures(report: AssignmentReport) -> tuple[tuple[str, str], ...]:
    accepted = tally(report.standings).accepted
    whole, complete = counts(report)
    return (
        (f"{accepted}/{len(report.standings)}", "đơn vị đã gửi phân công"),
        (f"{complete}/{whole}", "nội dung phân công đầy đủ"),
        (str(len(report.gaps)), "nội dung còn thiếu"),
        (decimal_text(report.budget_total_mil_vnd), "triệu đồng dự toán"),
    )


def _assignments(report: AssignmentReport) -> Annex:
    table = first_units(report, report.assignments, partial(_unit_rows, report))
    columns = (
        Column("Mã", "ma", 17, "center"),
        Column("Chỉ tiêu, nhiệm vụ", "ten"),
        Column("Chủ trì", "chu_tri", 40),
        Column("Phối hợp", "phoi_hop", 40),
        Column("Hạn hoàn thành", "han", 25, "center"),
        Column("Sản phẩm, ghi chú", "san_pham", 58),
    )
    return Annex("PHÂN CÔNG CỦA TỪNG ĐƠN VỊ", (Table(columns, table.rows, table.more),))


def _unit_rows(report: AssignmentReport, standing: UnitStanding, own: Sequence[Assignment]) -> list[TableRow]:
    if not own:
        return [heading(f"{standing.name}: {STATES[standing.state].lower()}, chưa có phân công")]
    names = report.item_names
    return [
        heading(standing.name),
        *(
            {
                "ma": one.code,
                "ten": names.get(one.code, ""),
                "chu_tri": one.lead,
                "phoi_hop": one.coordinating,
                "han": date_text(one.due_date) if one.due_date else "",
                "san_pham": "; ".join(text for text in (one.product, one.note) if text),
            }
            for one in own
        ),
    ]


def _gaps(report: AssignmentReport) -> Annex:
    names = report.item_names
    rows = [
        {
            "don_vi": report.unit_name(gap.unit),
            "ma": gap.code,
            "ten": names.get(gap.code, ""),
            "thieu": enumeration(gap.missing).capitalize(),
        }
        for gap in report.gaps
    ]
    columns = (
        Column("Đơn vị", "don_vi", 52),
        Column("Mã", "ma", 17, "center"),
        Column("Chỉ tiêu, nhiệm vụ", "ten"),
        Column("Còn thiếu", "thieu", 62),
    )
    table = cut(rows)
    nothing = "Các đơn vị đã nộp phân công đầy đủ." if report.assignments else "Chưa có phân công nào được chấp nhận."
    return Annex("NỘI DUNG CHƯA PHÂN CÔNG ĐẦY ĐỦ", (Table(columns, table.rows, table.more, nothing),))


def _budget(report: AssignmentReport) -> Annex:
    names = report.item_names
    units = list(unit_sums(report))
    shown = units if len(units) <= _MOST_COLUMNS else []
    money = tuple(Column(report.unit_name(unit), unit, 30, "right") for unit in shown)
    total = Column("Tổng (triệu đồng)", "tong", 30, "right")
    count = () if shown else (Column("Số đơn vị đề nghị", "so", 30, "center"),)
    by_task = [{**_sum_row(row), "ma": row.heading, "ten": names.get(row.heading, "")} for row in report.budget_by_task]
    by_source = [{**_sum_row(row), "ten": row.heading} for row in report.budget_by_source]
    last = _total_row(report, units)
    columns = (Column("Nhiệm vụ", "ten"), *money, *count, total)
    if not report.budget:
        return Annex("DỰ TOÁN KINH PHÍ", (Table(columns, [], nothing=_NO_BUDGET),))
    code = Column("Mã", "ma", 17, "center")
    source = Column("Nguồn vốn", "ten")
    return Annex(
        "DỰ TOÁN KINH PHÍ",
        (
            Table((code, *columns), [*by_task, last], caption="1. Theo nhiệm vụ"),
            Table((source, *columns[1:]), [*by_source, last], caption="2. Theo nguồn vốn"),
            _items(report),
        ),
    )


def _sum_row(row: BudgetSum) -> TableRow:
    amounts = {unit: decimal_text(amount, 3) for unit, amount in row.by_unit.items()}
    return {**amounts, "so": padded(len(row.by_unit)), "tong": decimal_text(row.total_mil_vnd, 3)}


def _total_row(report: AssignmentReport, units: list[str]) -> TableRow:
    amounts = {unit: decimal_text(amount, 3) for unit, amount in unit_sums(report).items()}
    total = decimal_text(report.budget_total_mil_vnd, 3)
    return {**amounts, "la_dam": True, "ma": "", "ten": "Tổng cộng", "so": padded(len(units)), "tong": total}


def _items(report: AssignmentReport) -> Table:
    rows = [
        {
            "stt": str(number),
            "don_vi": report.unit_name(item.unit),
            "noi_dung": item.purpose,
            "ma": item.task,
            "so_tien": decimal_text(item.amount_mil_vnd, 3),
            "nguon": item.source,
            "ghi_chu": item.note,
        }
        for number, item in enumerate(report.budget, start=1)
    ]
    columns = (
        Column("STT", "stt", 12, "center"),
        Column("Đơn vị", "don_vi", 44),
        Column("Nội dung chi", "noi_dung"),
        Column("Mã nhiệm vụ", "ma", 22, "center"),
        Column("Số tiền (triệu đồng)", "so_tien", 28, "right"),
        Column("Nguồn vốn", "nguon", 44),
        Column("Ghi chú", "ghi_chu", 40),
    )
    table = cut(rows)
    return Table(columns, table.rows, table.more, caption="3. Chi tiết của các đơn vị")
