"""Difficulties that offices meet: each recurs in the same words from one month to another, until it is settled."""

from collections.abc import Iterator
from dataclasses import dataclass

from baocao.domain.planned.plan import RecipientRole
from deployments.sample.office import MARK, Office, months_of


@dataclass(frozen=True, slots=True)
class Hardship:
    """A difficulty; ``settled_by`` names a role: who can settle it."""

    text: str
    cause: str
    proposal: str
    settled_by: str
    is_beyond_authority: bool = False


TROUBLES: tuple[Hardship, ...] = (
    Hardship("Máy quét, máy tính tại Bộ phận Một cửa đã cũ, số hóa hồ sơ còn chậm",
            "Thiết bị trang bị từ nhiều năm trước, chưa được thay thế", "Bố trí kinh phí thay thế trong năm ngân sách",
            "finance"),
    Hardship("Người dân, doanh nghiệp chưa quen nộp hồ sơ trực tuyến, nhiều trường hợp công chức phải làm giúp",
            "Công tác hướng dẫn chưa đến được người dân ở xa", "Đẩy mạnh tuyên truyền, qua tổ công nghệ số cộng đồng",
            "self"),
    Hardship("Công chức phụ trách công nghệ thông tin kiêm nhiệm, chưa được đào tạo chuyên sâu về an toàn thông tin",
            "Không có biên chế chuyên trách", "Mở lớp đào tạo an toàn thông tin cho cán bộ đầu mối", "coordinator"),
    Hardship("Một số phần mềm của ngành dọc chưa liên thông với phần mềm dùng chung, phải nhập liệu hai lần",
            "Chưa có quy định kỹ thuật chung về kết nối", "Làm đầu mối kết nối qua nền tảng chia sẻ dữ liệu của tỉnh",
            "coordinator"),
    Hardship("Đường truyền chậm vào giờ cao điểm, ảnh hưởng họp trực tuyến và ký số",
            "Băng thông thuê bao chưa đáp ứng số người dùng đồng thời", "Nâng băng thông đường truyền chuyên dùng",
            "coordinator"),
    Hardship("Một số thủ tục yêu cầu bản giấy có chứng thực nên chưa thể giải quyết trực tuyến toàn trình",
            "Quy định chuyên ngành của bộ quản lý chưa sửa đổi", "Kiến nghị bộ quản lý ngành sửa đổi thành phần hồ sơ",
            "authority", is_beyond_authority=True),
    Hardship("Chưa có định mức chi cho thuê dịch vụ công nghệ thông tin nên chưa ký được hợp đồng",
            "Chưa có hướng dẫn áp dụng tại địa phương", "Ban hành định mức, hoặc cho phép áp dụng định mức của bộ",
            "authority", is_beyond_authority=True),
    Hardship("Kinh phí mua bản quyền phần mềm chưa được giao trong dự toán đầu năm",
            "Kế hoạch ban hành sau thời điểm giao dự toán", "Bổ sung kinh phí từ nguồn dự phòng", "authority",
            is_beyond_authority=True),
)  # fmt: skip


def troubles_at(office: Office, step: int) -> list[dict[str, object]]:
    """The rows of the sheet in the month of this number (the pilot's end comes after the last month)."""
    rows = [trouble for trouble, first, last in _stories(office) if first <= step <= last]
    return [_row(office, number, trouble) for number, trouble in enumerate(rows, start=1)]


def _stories(office: Office) -> Iterator[tuple[Hardship, int, int]]:
    """Two that last, one that comes later, and one beyond the office's authority that is settled before the end."""
    chance, end = office.chance("troubles"), len(months_of(office.plan))
    own = chance.sample([one for one in TROUBLES if not one.is_beyond_authority], 3)
    beyond = chance.choice([one for one in TROUBLES if one.is_beyond_authority])
    yield own[0], 0, end
    yield own[1], 0, max(1, end // 2)
    yield own[2], end // 2, end - 1
    first = chance.randint(0, max(0, end // 3))
    yield beyond, first, min(end - 1, first + max(1, end // 2))


def _row(office: Office, number: int, trouble: Hardship) -> dict[str, object]:
    return {
        "ordinal": number,
        "difficulty": trouble.text,
        "cause": f"{trouble.cause} ({MARK})",
        "proposal": trouble.proposal,
        "settled_by": _settler(office, trouble.settled_by),
        "is_beyond_authority": "x" if trouble.is_beyond_authority else "",
    }


def _settler(office: Office, role: str) -> str:
    plan = office.plan
    finance = plan.recipients_of(RecipientRole.BUDGET)
    return {
        "self": office.unit.name,
        "coordinator": plan.unit_by_code[plan.coordinator].name,
        "finance": finance[0].name if finance else plan.issuer.addressees[0],
        "authority": plan.issuer.addressees[0],
    }[role]
