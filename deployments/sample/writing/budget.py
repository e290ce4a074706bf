"""What tasks cost: the budget that goes with the assignment plan."""

from dataclasses import dataclass

from baocao.domain.planned.plan import Plan
from baocao.domain.planned.task import PlanTask
from baocao.workbook.cells import fold
from deployments.sample.office import MARK, Office


@dataclass(frozen=True, slots=True)
class Cost:
    """An expense by words of the task that needs it; the amount in million VND."""

    words: str
    purpose: str
    least: int
    most: int
    source: str


_CAREER, _INVESTMENT, _OWN = "Ngân sách tỉnh (chi sự nghiệp)", "Ngân sách tỉnh (đầu tư công)", "Kinh phí tự chủ"
COSTS: tuple[Cost, ...] = (
    Cost("tập huấn", "Tổ chức lớp tập huấn kỹ năng số cho lãnh đạo, công chức, viên chức", 35, 120, _CAREER),
    Cost("truyền thông", "Tuyên truyền về Chính quyền số, chuyển đổi số; in ấn tài liệu", 12, 40, _OWN),
    Cost("đường truyền", "Nâng cấp thiết bị mạng, thay thế máy trạm cũ", 150, 420, _INVESTMENT),
    Cost("dữ liệu số", "Số hóa tài liệu, chuẩn hóa dữ liệu chuyên ngành", 180, 560, _CAREER),
    Cost("ứng dụng, dịch vụ mới", "Thuê dịch vụ phần mềm phục vụ đặc thù của đơn vị", 220, 650, _CAREER),
    Cost("hồ sơ cấp độ", "Thuê tư vấn lập hồ sơ đề xuất cấp độ an toàn hệ thống thông tin", 60, 180, _CAREER),
    Cost("bản quyền", "Mua bản quyền hệ điều hành, phần mềm văn phòng, phần mềm diệt virus", 110, 340, _CAREER),
    Cost("ứng cứu", "Diễn tập, ứng cứu sự cố an toàn thông tin mạng", 20, 65, _OWN),
)
OTHERWISE = Cost("", "Chi triển khai nhiệm vụ được giao", 40, 160, _CAREER)
_ASKS = 0.75


def budget_rows(office: Office) -> list[dict[str, object]]:
    """The rows of the budget: most of the expenses that the plan's tasks call for; at least one."""
    plan = office.plan
    found = [(cost, task) for cost in COSTS if (task := _task_for(plan, cost)) is not None]
    asked = [pair for pair in found if office.chance("asks", pair[0].words).random() < _ASKS] or found[:1]
    rows = [_row(office, task.code, cost) for cost, task in asked]
    if not rows:
        code = plan.unit_tasks[0].code if plan.unit_tasks else plan.indicators[0].code
        rows = [_row(office, code, OTHERWISE)]
    return [{"ordinal": number} | row for number, row in enumerate(rows, start=1)]


def _task_for(plan: Plan, cost: Cost) -> PlanTask | None:
    return next((task for task in plan.unit_tasks if cost.words in fold(task.verbatim)), None)


def _row(office: Office, code: str, cost: Cost) -> dict[str, object]:
    chance = office.chance("budget", code)
    amount = chance.randrange(cost.least * 2, cost.most * 2) / 2
    note = chance.choice(("", "", "Theo báo giá kèm theo", "Thực hiện theo quy định mua sắm tập trung"))
    return {
        "purpose": f"{cost.purpose} ({MARK})",
        "task": code,
        "amount_mil_vnd": amount,
        "source": cost.source,
        "note": note,
    }
