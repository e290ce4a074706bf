"""Phân công và dự toán: the report on assignments in words."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from baocao.domain.grouping import grouped
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.assignment import Assignment, AssignmentGap, AssignmentReport, BudgetSum
from baocao.domain.wording import date_text, decimal_text, enumeration, moment_text
from baocao.narrative.front import DECISIONS, DUE_COLUMNS, MOST_DUE, SUMMARY
from baocao.narrative.monthly import basis_clause, issuer_name, reporting_clause
from baocao.narrative.phrases import bare, listed, lower_first, out_of, padded, sentence, unit_names
from baocao.narrative.results import accepted_units, coverage
from baocao.narrative.story import Section, Story, Table, TableRow

_LEADS = 3
_UNITS = 12
_GAPS = 8
_TASKS = 5
_NOTHING = "Chưa có kế hoạch phân công nào của đơn vị được chấp nhận nên chưa tổng hợp được nội dung phân công."


def narrate_assignment(report: AssignmentReport) -> Story:
    """The report on assignments and budgets in Vietnamese prose (the plan's section V.2)."""
    return Story(
        subject=f"Tình hình phân công nhiệm vụ và dự toán kinh phí {report.short_title}",
        headline=f"{report.period.title}: {_key_clause(report)}; {reporting_clause(report)}.",
        opening=(
            f"Thực hiện {basis_clause(report)}, {issuer_name(report)} báo cáo tình hình phân công nhiệm vụ và dự toán "
            f"kinh phí của các đơn vị, tổng hợp đến {moment_text(report.made_at)}, như sau:"
        ),
        restated=_restated(report),
        sections=(
            *_front(report),
            Section(title="I. TÌNH HÌNH PHÂN CÔNG", paragraphs=_assigned(report)),
            Section(title="II. NỘI DUNG CHƯA PHÂN CÔNG ĐẦY ĐỦ", paragraphs=_open(report)),
            Section(title="III. DỰ TOÁN KINH PHÍ", paragraphs=budget_paragraphs(report)),
            Section(title="IV. ĐỀ XUẤT, KIẾN NGHỊ", paragraphs=_proposals(report)),
        ),
    )


def _front(report: AssignmentReport) -> tuple[Section, Section]:
    """The first page: three lines of result, what units still owe, what is asked of the addressees."""
    total = money_text(report.budget_total_mil_vnd)
    lines = (
        sentence(f"Phân công: {_key_clause(report).partition(', dự toán')[0].partition(', không đề')[0]}"),
        f"Dự toán: các đơn vị đề nghị {total}." if report.budget else "Dự toán: không có đề nghị kinh phí.",
        sentence(f"Chế độ báo cáo: {reporting_clause(report)}"),
    )
    wanted = report.budget_total_mil_vnd - report.own_mil_vnd
    own = f"; {money_text(report.own_mil_vnd)} còn lại các đơn vị tự bảo đảm" if report.own_mil_vnd else ""
    asked = (
        f"(1) {unit_names(report.issuer.addressees)}: giao cơ quan tài chính thẩm định, cân đối, bố trí "
        f"{money_text(wanted)}, trong {report.period.next.label} (dự toán tại Phụ lục III{own})."
    )
    nothing = "Trong kỳ không có nội dung đề nghị quyết định."
    due = Table(DUE_COLUMNS, _due(report), nothing="", caption="Việc đến hạn của các đơn vị")
    return Section(SUMMARY, lines, table=due), Section(DECISIONS, (asked if wanted > 0 else nothing,))


def _due(report: AssignmentReport) -> list[TableRow]:
    by = f"Trước {date_text(report.pilot.start)}"
    gaps = Counter(gap.unit for gap in report.gaps)
    rows = [
        {"don_vi": one.name, "viec": "Gửi kế hoạch phân công và dự toán kinh phí", "han": by}
        for one in report.standings
        if one.state is not UnitState.ACCEPTED
    ]
    rows += [
        {"don_vi": report.unit_name(unit), "viec": f"Bổ sung {padded(count)} nội dung phân công", "han": by}
        for unit, count in gaps.items()
    ]
    return rows[:MOST_DUE]


def _restated(report: AssignmentReport) -> tuple[str, ...]:
    if not report.is_restatement:
        return ()
    before = f"báo cáo {report.period.label} đã phát hành (bản {report.version - 1})"
    return (f"Báo cáo này đính chính và thay thế {before} vì phân công, dự toán của đơn vị có thay đổi.",)


def money_text(amount_mil_vnd: float) -> str:
    """``1.234,5 triệu đồng``."""
    return f"{decimal_text(amount_mil_vnd, 3)} triệu đồng"


def _key_clause(report: AssignmentReport) -> str:
    if not report.assignments:
        return "chưa có kế hoạch phân công nào được chấp nhận"
    whole, complete = counts(report)
    total = money_text(report.budget_total_mil_vnd)
    money = f"dự toán kinh phí {total}" if report.budget else "không đề nghị kinh phí"
    return f"{out_of(complete, whole, 'nội dung')} đã phân công đầy đủ, {money}"


def counts(report: AssignmentReport) -> tuple[int, int]:
    """How many contents (an indicator or task at one unit) there are to assign, and how many lack nothing."""
    whole = len(_reporting_units(report)) * len(report.items)
    return whole, whole - len(report.gaps)


def _reporting_units(report: AssignmentReport) -> list[str]:
    assigned = {one.unit for one in report.assignments}
    return [standing.unit for standing in report.standings if standing.unit in assigned]


def _assigned(report: AssignmentReport) -> tuple[str, ...]:
    if not report.assignments:
        return (_NOTHING,)
    units = _reporting_units(report)
    lines = [_unit_line(report, unit) for unit in units[:_UNITS]]
    rest = len(units) - _UNITS
    if rest > 0:
        lines.append(f"- {padded(rest)} đơn vị khác nêu tại Phụ lục I.")
    return (coverage(report), _content(report), "Phân công của từng đơn vị:", *lines)


def _content(report: AssignmentReport) -> str:
    indicators = sum(item.is_indicator for item in report.items)
    whole, complete = counts(report)
    text = (
        f"Mỗi đơn vị phân công {padded(indicators)} chỉ tiêu và {padded(len(report.items) - indicators)} nhiệm vụ "
        f"(mỗi chỉ tiêu, nhiệm vụ tại một đơn vị tính là một nội dung): {out_of(complete, whole, 'nội dung')} có đủ "
        f"chủ trì, hạn hoàn thành và sản phẩm"
    )
    return f"{text}." if complete == whole else f"{text}, {padded(whole - complete)} nội dung còn thiếu."


def _unit_line(report: AssignmentReport, unit: str) -> str:
    own = [one for one in report.assignments if one.unit == unit]
    complete = len(report.items) - sum(gap.unit == unit for gap in report.gaps)
    parts = [f"- {report.unit_name(unit)}: {out_of(complete, len(report.items), 'nội dung')} phân công đầy đủ"]
    leads = Counter(bare(one.lead) for one in own if one.lead)
    if leads:
        shown = [f"{name} ({padded(count)})" for name, count in sorted(leads.items(), key=lambda item: -item[1])]
        parts.append(f"chủ trì: {listed(shown, 'đầu mối', _LEADS)}")
    parts += _dates(own)
    return f"{'; '.join(parts)}."


def _dates(own: Sequence[Assignment]) -> list[str]:
    dated = sorted((one.due_date, one.code) for one in own if one.due_date)
    if not dated:
        return []
    first, last = dated[0][0], dated[-1][0]
    if first == last:
        return [f"cùng hạn hoàn thành {date_text(first)}"]
    return [f"hạn sớm nhất {_due_text(dated, first)}, muộn nhất {_due_text(dated, last)}"]


def _due_text(dated: Sequence[tuple[date, str]], day: date) -> str:
    codes = [code for due, code in dated if due == day]
    return f"{date_text(day)} ({codes[0] if len(codes) == 1 else f'{padded(len(codes))} nội dung'})"


def _open(report: AssignmentReport) -> tuple[str, ...]:
    if not report.assignments:
        return ("Chưa có phân công để rà soát.",)
    if not report.gaps:
        return ("Các đơn vị đã nộp phân công đủ chủ trì, hạn hoàn thành, sản phẩm của mọi chỉ tiêu, nhiệm vụ.",)
    tally = Counter(name for gap in report.gaps for name in gap.missing)
    missing = [
        f"{padded(tally[name])} thiếu {name}" for name in ("chủ trì", "hạn hoàn thành", "sản phẩm") if tally[name]
    ]
    lead = f"{padded(len(report.gaps))} nội dung chưa phân công đầy đủ, trong đó {', '.join(missing)}:"
    by_unit = grouped(report.gaps, lambda gap: gap.unit)
    lines = [_gap_line(report, unit, gaps) for unit, gaps in list(by_unit.items())[:_UNITS]]
    rest = len(by_unit) - _UNITS
    return (lead, *lines, *((f"- {padded(rest)} đơn vị khác nêu tại Phụ lục II.",) if rest > 0 else ()))


def _gap_line(report: AssignmentReport, unit: str, gaps: list[AssignmentGap]) -> str:
    names = report.item_names
    shown = [f"{lower_first(bare(names[gap.code]))} ({gap.code}) thiếu {enumeration(gap.missing)}" for gap in gaps]
    return f"- {report.unit_name(unit)}: {listed(shown, 'nội dung', _GAPS)}."


def budget_paragraphs(report: AssignmentReport) -> tuple[str, ...]:
    """What is asked for: in all, by unit, by source of funds, by task."""
    if not report.budget:
        asked = "Các đơn vị đã báo cáo không đề nghị kinh phí."
        return (asked if accepted_units(report) else "Chưa có dự toán nào được chấp nhận.",)
    names = report.item_names
    by_unit = unit_sums(report)
    units = [f"{report.unit_name(unit)} {money_text(amount)}" for unit, amount in by_unit.items()]
    return (
        (
            f"Tổng dự toán {padded(len(by_unit))} đơn vị đề nghị là {money_text(report.budget_total_mil_vnd)} cho "
            f"{padded(len(report.budget))} nội dung chi: {listed(units, 'đơn vị')}."
        ),
        f"Theo nguồn vốn: {listed([_source(report, row) for row in report.budget_by_source], 'nguồn')}.",
        "Theo nhiệm vụ, lớn nhất là:" if len(report.budget_by_task) > _TASKS else "Theo nhiệm vụ:",
        *(_task_sum(row, names) for row in report.budget_by_task[:_TASKS]),
    )


def unit_sums(report: AssignmentReport) -> dict[str, float]:
    """What each unit asks for, in million đồng, the largest first."""
    sums: dict[str, float] = {}
    for item in report.budget:
        sums[item.unit] = sums.get(item.unit, 0.0) + item.amount_mil_vnd
    return dict(sorted(sums.items(), key=lambda row: -row[1]))


def _source(report: AssignmentReport, row: BudgetSum) -> str:
    share = row.total_mil_vnd / report.budget_total_mil_vnd * 100 if report.budget_total_mil_vnd else 0.0
    return f"{lower_first(bare(row.heading))} {money_text(row.total_mil_vnd)} ({decimal_text(share)}%)"


def _task_sum(row: BudgetSum, names: dict[str, str]) -> str:
    name = names.get(row.heading)
    shown = f"{bare(name)} ({row.heading})" if name else row.heading
    return f"- {shown}: {money_text(row.total_mil_vnd)}, {padded(len(row.by_unit))} đơn vị đề nghị."


def _proposals(report: AssignmentReport) -> tuple[str, ...]:
    absent = [standing.name for standing in report.standings if standing.state is not UnitState.ACCEPTED]
    paragraphs = [
        "Nội dung kinh phí nêu tại phần Kính đề nghị quyết định, đầu báo cáo." if report.budget else "",
        f"Đề nghị {unit_names(absent)} gửi kế hoạch phân công và dự toán kinh phí để bổ sung." if absent else "",
        _mend(report),
        f"Trên cơ sở phân công, các đơn vị triển khai từ ngày {date_text(report.pilot.start)} "
        "và báo cáo kết quả hằng tháng."
        if accepted_units(report)
        else "",
    ]
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _mend(report: AssignmentReport) -> str:
    if not report.gaps:
        return ""
    units = [report.unit_name(unit) for unit in dict.fromkeys(gap.unit for gap in report.gaps)]
    return f"Đề nghị {unit_names(units)} bổ sung {padded(len(report.gaps))} nội dung chưa phân công đầy đủ."
