"""The rules' page of the units' guide, written to ``docs/quy-tac.md``: run it again when a rule or a limit changes."""

from collections.abc import Sequence
from pathlib import Path

from baocao.domain.planned.plan import Plan
from baocao.plan.loading import load_plan
from expectations.catalogue import Entry, catalogue, limit_texts

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quy-tac.md"
PLAN = ROOT / "plans" / "ninh-binh-2022"
_PARTS = {
    "critical": ("Lỗi", "Báo cáo có một lỗi như dưới đây được trả lại để sửa, chưa được tính."),
    "warning": ("Cảnh báo", "Báo cáo vẫn được nhận. Xin xem lại; số liệu đúng thì nêu lý do ở cột Ghi chú."),
    "info": ("Lưu ý", "Báo cáo vẫn được nhận; hệ thống nói rõ đã hiểu ô đó như thế nào."),
}
_OPENING = """# Các quy tắc kiểm tra

Trang này được lập tự động từ chính các quy tắc (`python -m tools.rules`); lệnh `baocao plan rules` in cùng nội dung.
Dấu «…» là chỗ thư trả lời ghi ô, giá trị và điều cần có của từng trường hợp. Căn cứ là mục của Kế hoạch, điều của nghị
định, hoặc quy ước của hệ thống kèm lý do. Quy tắc có dấu ✓ thì trang «Tự kiểm tra» của biểu mẫu báo ngay khi nhập.
"""


def page(plan: Plan) -> str:
    """The page for a plan, in Markdown."""
    entries = catalogue(plan)
    parts = (_part(plan, severity, [one for one in entries if one.severity == severity]) for severity in _PARTS)
    return "\n".join((_OPENING, *parts))


def _part(plan: Plan, severity: str, entries: Sequence[Entry]) -> str:
    title, opening = _PARTS[severity]
    rows = (_row(plan, entry) for entry in sorted(entries, key=lambda one: one.sheet or ""))
    head = ("| Quy tắc | Trang | Nội dung | Cách sửa | Ngưỡng | Căn cứ |", "|---|---|---|---|---|---|")
    return "\n".join((f"## {title}", "", opening, "", *head, *rows, ""))


def _row(plan: Plan, entry: Entry) -> str:
    place = entry.sheet or "cả tệp hoặc nhiều trang"
    cells = (
        f"`{entry.rule}`{' ✓' if entry.in_form else ''}",
        place,
        entry.says,
        entry.remedy,
        "; ".join(limit_texts(plan, entry)),
        entry.source,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(load_plan(PLAN)), encoding="utf-8")
