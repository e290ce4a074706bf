"""Báo cáo tổng kết: its annexes and key figures."""

from collections.abc import Sequence
from functools import partial

from baocao.domain.planned.indicator import bound
from baocao.domain.reported.assessment import FinalAssessment, FinalResult, Proposal, Recommendation, UnitAssessment
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import total
from baocao.domain.wording import NO_DATA, decimal_text, percent_text
from baocao.narrative.closing.course import course_table
from baocao.narrative.closing.final import judgement_rule, narrate_final, score_rule, tasks_done
from baocao.narrative.closing.rollout import RECOMMENDATION_RULE
from baocao.narrative.phrases import bare
from baocao.narrative.results import without
from baocao.narrative.story import Column, Table, TableRow
from baocao.narrative.tasks import task_groups
from baocao.render.charts.chart import HEAT_MAP, TRAJECTORY
from baocao.render.papers.citing import RESULTS, citing
from baocao.render.papers.paper import Annex, Paper, front_parts, mail_part
from baocao.render.papers.shared import (
    ROUNDING,
    closing_annexes,
    counted_columns,
    difficulty_annex,
    first_units,
    task_annex,
)
from baocao.render.tables import STATES, figure_table, heading, tally_text
from baocao.render.xlsx.final import final_book

_DISCIPLINE = ("3. Thực hiện chế độ báo cáo hằng tháng", "Qua ")
_ANNEXES = {
    (RESULTS, "Số liệu được tổng hợp"): "Phụ lục I",
    ("2. Kết quả thực hiện nhiệm vụ", "Số đầu việc"): "Phụ lục V",
    _DISCIPLINE: "Phụ lục III",
}
_SECTIONS = (
    "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
    "IV. ĐỀ XUẤT MÔ HÌNH NHÂN RỘNG",
    "V. KIẾN NGHỊ",
)


def final_paper(report: FinalAssessment) -> Paper:
    """The final assessment as a paper."""
    story = citing(narrate_final(report), report, _ANNEXES, _DISCIPLINE)
    return Paper(
        report=report,
        story=story,
        title=f"Tổng kết, đánh giá {report.phase}",
        subtitle=story.subject,
        annexes=(
            _figures(report),
            _units(report),
            _reporting(report),
            _recommendations(report),
            task_annex(report, "KẾT QUẢ THỰC HIỆN NHIỆM VỤ", task_groups(report)),
            difficulty_annex(report),
            *closing_annexes(report),
        ),
        key_figures=_key_figures(report),
        mail_parts=(*front_parts(story), *(mail_part(one) for one in story.sections if one.title in _SECTIONS)),
        books={"so-lieu.xlsx": partial(final_book, report)},
        drawn=report,
        mail_charts=(HEAT_MAP, TRAJECTORY),
    )


def _key_figures(report: FinalAssessment) -> tuple[tuple[str, str], ...]:
    results = list(report.results.values())
    done, tasks = tasks_done(report)
    kept = total(report.reporting)
    lacking = without(report)
    return (
        (f"{results.count(FinalResult.REACHED)}/{len(results)}", f"chỉ tiêu đạt{lacking}"),
        (str(results.count(FinalResult.MISSED)), f"chỉ tiêu chưa đạt{lacking}"),
        (f"{done}/{tasks}", f"đầu việc hoàn thành{lacking}"),
        (f"{kept.on_time}/{kept.expected}", "báo cáo tháng đúng hạn"),
    )


def _figures(report: FinalAssessment) -> Annex:
    table = figure_table(report)
    units = {figure.code: figure for figure in report.figures}
    for row in table.rows:
        if not row["la_nhom"]:
            figure = units[row["ma"]]
            has_units = row["ty_le"] != ""
            row["dat"] = f"{figure.units_reached}/{figure.units_reported}" if has_units else ""
    columns = (
        *counted_columns(20, 22, 24, code=16),
        Column("Số đơn vị đạt", "dat", 24, "center"),
        Column("Kết quả", "ket_qua", 32, "center"),
    )
    note = f"{judgement_rule(report)} {ROUNDING}"
    return Annex(
        "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", (Table(columns, table.rows, table.more, note=note), course_table(report))
    )


def _units(report: FinalAssessment) -> Annex:
    table = first_units(report, report.unit_assessments, partial(_unit_rows, report))
    columns = (
        Column("Mã", "ma", 14, "center"),
        Column("Chỉ tiêu", "ten"),
        Column("Tỷ lệ", "ty_le", 19, "right"),
        Column("Kết quả", "ket_qua", 28, "center"),
        Column("Tự đánh giá", "tu_danh_gia", 28, "center"),
        Column("Điểm (tham khảo)" if report.score_label == "tham khảo" else "Điểm", "diem", 20, "center"),
        Column("Nguyên nhân", "nguyen_nhan", 46),
        Column("Đề xuất", "de_xuat", 42),
    )
    return Annex("KẾT QUẢ VÀ TỰ ĐÁNH GIÁ CỦA TỪNG ĐƠN VỊ", (Table(columns, table.rows, table.more), _lessons(report)))


def _unit_rows(report: FinalAssessment, standing: UnitStanding, own: Sequence[UnitAssessment]) -> list[TableRow]:
    if not own:
        return [heading(f"{standing.name}: {STATES[standing.state].lower()}, chưa có kết quả")]
    results = [Outcome(one.result.value) if one.result else Outcome.NO_DATA for one in own]
    return [heading(f"{standing.name}: {tally_text(results, 'chỉ tiêu')}"), *(_unit_row(report, one) for one in own)]


def _lessons(report: FinalAssessment) -> Table:
    """Every lesson as it was written; the body names the most shared ones."""
    rows = [
        {"don_vi": report.unit_name(one.unit), "ma": one.code, "bai_hoc": one.lesson}
        for one in report.unit_assessments
        if one.lesson
    ]
    columns = (Column("Đơn vị", "don_vi", 52), Column("Mã", "ma", 17, "center"), Column("Bài học", "bai_hoc"))
    return Table(columns, rows, caption="Bài học kinh nghiệm", nothing="")


def _unit_row(report: FinalAssessment, one: UnitAssessment) -> TableRow:
    figure = next(figure for figure in report.headlines if figure.code == one.code).of(one.unit)
    names = {item.code: item.name for item in report.recommendations}
    claimed = one.claimed.value if one.claimed else ""
    return {
        "la_nhom": False,
        "ma": one.code,
        "ten": names[one.code],
        "ty_le": "" if one.ratio_pct is None else percent_text(one.ratio_pct, bound(figure)),
        "ket_qua": one.result.value if one.result else NO_DATA,
        "tu_danh_gia": f"{claimed} (chưa khớp)" if one.agrees is False else claimed,
        "diem": score_text(one.score, one.maximum),
        "nguyen_nhan": one.cause,
        "de_xuat": ": ".join(text for text in (one.proposal.value if one.proposal else "", one.adjustment) if text),
    }


def _adjustments(one: Recommendation) -> str:
    text = "; ".join(map(bare, one.adjustments))
    is_short = bool(text) and one.proposal is not Proposal.ADJUST
    return f"Ý kiến chưa đủ số để áp dụng: {text}" if is_short else text


def score_text(score: float | None, maximum: float | None) -> str:
    """``0,87/1``; empty where nothing occurred, which leaves the maximum."""
    return "" if score is None or not maximum else f"{decimal_text(score, 2)}/{decimal_text(maximum)}"


def _reporting(report: FinalAssessment) -> Annex:
    rows = [
        {
            "don_vi": report.unit_name(row.unit),
            "dung_han": str(row.on_time),
            "qua_han": str(row.late),
            "chua_nop": str(row.missing),
            "nhiem_vu": f"{row.tasks_done}/{row.tasks}",
            "diem": score_text(row.score, row.maximum),
        }
        for row in report.reporting
    ]
    columns = (
        Column("Đơn vị", "don_vi"),
        Column("Kỳ đúng hạn", "dung_han", 28, "center"),
        Column("Kỳ quá hạn", "qua_han", 28, "center"),
        Column("Kỳ không có báo cáo", "chua_nop", 34, "center"),
        Column("Đầu việc hoàn thành", "nhiem_vu", 34, "center"),
        Column(f"Điểm ({report.score_label})", "diem", 40, "center"),
    )
    return Annex(
        "CHẾ ĐỘ BÁO CÁO, NHIỆM VỤ VÀ ĐIỂM CỦA CÁC ĐƠN VỊ",
        (Table(columns, rows, nothing="Không có kỳ báo cáo tháng.", note=score_rule(report)),),
    )


def _recommendations(report: FinalAssessment) -> Annex:
    rows = [
        {
            "ma": one.code,
            "ten": one.name,
            "ket_qua": result.value if (result := report.results[one.code]) else NO_DATA,
            "de_xuat": one.proposal.value,
            "can_cu": one.evidence,
            "dieu_chinh": _adjustments(one),
        }
        for one in report.recommendations
    ]
    columns = (
        Column("Mã", "ma", 14, "center"),
        Column("Chỉ tiêu", "ten"),
        Column(f"Kết quả {report.phase}", "ket_qua", 28, "center"),
        Column("Đề xuất nhân rộng", "de_xuat", 28, "center"),
        Column("Căn cứ", "can_cu", 58),
        Column("Nội dung điều chỉnh", "dieu_chinh", 62),
    )
    return Annex("ĐỀ XUẤT MÔ HÌNH NHÂN RỘNG", (Table(columns, rows, note=RECOMMENDATION_RULE),))
