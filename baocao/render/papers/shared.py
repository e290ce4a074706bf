"""Phụ lục chung: the annexes that several kinds of reports have."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from baocao.domain.grouping import grouped
from baocao.domain.reported.assessment import UnitAssessment
from baocao.domain.reported.assignment import Assignment
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.progress import Difficulty, UnitStanding
from baocao.domain.wording import count_text
from baocao.narrative.phrases import padded
from baocao.narrative.proposals import complete
from baocao.narrative.story import Column, Table, TableRow
from baocao.render.papers.paper import Annex
from baocao.render.tables import MOST_UNITS, PaperTable, cut, restatement_table, standing_table, task_table

Part = TypeVar("Part", Assignment, UnitAssessment)

_STANDINGS = (
    Column("STT", "stt", 12, "center"),
    Column("Đơn vị", "don_vi"),
    Column("Trạng thái", "trang_thai", 34, "center"),
    Column("Thời hạn", "thoi_han", 28, "center"),
    Column("Thời điểm nhận", "thoi_diem", 58, "center"),
    Column("Lần nộp", "lan", 16, "center"),
    Column("Số lỗi", "loi", 15, "center"),
    Column("Số cảnh báo", "canh_bao", 18, "center"),
)
_CHECKED = "Nội dung từng lỗi, cảnh báo: trang «Kết quả kiểm tra» của tệp so-lieu.xlsx."
_AGAIN = (
    "Số lỗi, số cảnh báo là của bản ở cột Lần nộp; lần nộp từ 2 trở lên là đơn vị đã nộp lại, bản trước không còn tính."
)
_NO_CHANGE = "Các số liệu đã nêu không thay đổi."
_TASKS = (
    Column("Nhiệm vụ, đơn vị", "don_vi", 52),
    Column("Chủ trì", "chu_tri", 34),
    Column("Phối hợp", "phoi_hop", 36),
    Column("Hạn hoàn thành", "han", 24, "center"),
    Column("Trạng thái", "trang_thai", 32, "center"),
    Column("Tiến độ", "tien_do", 17, "right"),
    Column("Sản phẩm, ghi chú", "san_pham"),
)
_DIFFICULTIES = (
    Column("Số kiến nghị", "so", 18, "center"),
    Column("Đơn vị", "don_vi", 34),
    Column("Khó khăn, vướng mắc", "kho_khan"),
    Column("Nguyên nhân", "nguyen_nhan", 42),
    Column("Kiến nghị", "kien_nghi", 48),
    Column("Cơ quan giải quyết", "co_quan", 32),
    Column("Nêu từ kỳ", "tu_ky", 20, "center"),
)
ROUNDING = (
    "Tỷ lệ làm tròn đến một chữ số thập phân sau khi tính; tỷ lệ chưa đạt không bao giờ làm tròn lên bằng mục tiêu."
)


def counted_columns(target: float, counts: float, ratio: float, code: float = 14) -> tuple[Column, ...]:
    """An indicator with its target and its figures; widths in mm."""
    return (
        Column("Mã", "ma", code, "center"),
        Column("Chỉ tiêu", "ten"),
        Column("Mục tiêu", "muc_tieu", target, "center"),
        Column("Tử số", "tu_so", counts, "right"),
        Column("Mẫu số", "mau_so", counts, "right"),
        Column("Tỷ lệ", "ty_le", ratio, "right"),
    )


def first_units(
    report: Document, parts: Iterable[Part], told: Callable[[UnitStanding, Sequence[Part]], list[TableRow]]
) -> PaperTable:
    """Each unit's rows, as ``told`` makes them of its parts, of as many units as paper has room for."""
    by_unit = grouped(parts, lambda one: one.unit)
    shown = report.standings[:MOST_UNITS]
    rest = len(report.standings) - len(shown)
    more = f"Còn {count_text(rest)} đơn vị; xem đầy đủ tại tệp so-lieu.xlsx." if rest else ""
    return PaperTable([row for one in shown for row in told(one, by_unit.get(one.unit, []))], more)


def task_annex(report: ResultsDocument, title: str, note: str = "") -> Annex:
    """Each task with how every unit stands on it."""
    table = task_table(report)
    rows = [{**row, "ten": f"{row['ma']}. {row['ten']}"} if row["la_nhom"] else row for row in table.rows]
    nothing = "Chưa có đơn vị nào báo cáo kết quả thực hiện nhiệm vụ."
    return Annex(title, (Table(_TASKS, rows, table.more, nothing, note=note),))


def difficulty_annex(report: ResultsDocument) -> Annex:
    """What the units call difficult, with what is proposed."""
    table = _difficulty_rows(report)
    rows = [{**row, "co_quan": row["co_quan"] + (" (vượt thẩm quyền)" if row["vuot"] else "")} for row in table.rows]
    nothing = "Không có khó khăn, vướng mắc."
    return Annex("KHÓ KHĂN, VƯỚNG MẮC VÀ KIẾN NGHỊ", (Table(_DIFFICULTIES, rows, table.more, nothing),))


def _standings_note(report: Document) -> str:
    """What the columns count, where they count anything."""
    again = any((one.version or 0) > 1 for one in report.standings)
    found = any(one.critical or one.warnings for one in report.standings)
    return " ".join([*([_AGAIN] if again else ()), *([_CHECKED] if found else ())])


def _difficulty_rows(report: ResultsDocument) -> PaperTable:
    """Difficulties that lack no part, those beyond the units' authority first."""
    whole = filter(complete, report.difficulties)
    ordered = sorted(whole, key=lambda difficulty: not difficulty.is_beyond_authority)
    return cut(
        [
            {
                "don_vi": report.unit_name(item.unit) + (f" (theo {item.carried.short})" if item.carried else ""),
                "kho_khan": item.difficulty,
                "nguyen_nhan": item.cause,
                "kien_nghi": item.proposal,
                "co_quan": item.settled_by,
                "vuot": "Vượt thẩm quyền" if item.is_beyond_authority else "",
                "tu_ky": _since(report, item),
                "so": item.number or str(number),
            }
            for number, item in enumerate(ordered, start=1)
        ]
    )


def _since(report: ResultsDocument, item: Difficulty) -> str:
    """``09/2022 (04 kỳ)``: since when a proposal is raised, and in how many periods up to this one."""
    if item.since is None:
        return ""
    months = (report.period.year - item.since.year) * 12 + report.period.month - item.since.month + 1
    return f"{item.since.short} ({padded(months)} kỳ)"


def closing_annexes(report: Document) -> tuple[Annex, ...]:
    """Who has reported and how many faults the checks found; what changed since the published version."""
    standings = standing_table(report)
    annexes = [
        Annex(
            "TÌNH HÌNH NỘP VÀ KẾT QUẢ KIỂM TRA BÁO CÁO CỦA CÁC ĐƠN VỊ",
            (Table(_STANDINGS, standings.rows, standings.more, note=_standings_note(report)),),
        )
    ]
    if report.is_restatement and report.figures:
        changed = restatement_table(report)
        columns = (
            Column("Mã", "ma", 18, "center"),
            Column("Số liệu", "ten"),
            Column("Đã công bố", "da_cong_bo", 40, "center"),
            Column("Nay là", "nay_la", 40, "center"),
            Column("Lý do", "ly_do", 70),
        )
        annexes.append(Annex("SỐ LIỆU ĐÍNH CHÍNH", (Table(columns, changed.rows, changed.more, _NO_CHANGE),)))
    return tuple(annexes)
