"""How many there are of what a denominator counts in an office of some 80 people; by words of its definition."""

from baocao.domain.planned.indicator import IndicatorKind

_BY_WORDS: tuple[tuple[str, tuple[int, int]], ...] = (
    ("phải số hóa", (240, 620)),
    ("kết quả giải quyết", (230, 600)),
    ("hồ sơ tthc", (700, 1900)),
    ("hồ sơ công việc", (70, 160)),
    ("hoạt động", (6, 9)),
    ("văn bản", (190, 420)),
    ("hệ thống thông tin", (5, 12)),
    ("bộ dữ liệu", (7, 20)),
    ("chế độ báo cáo", (16, 38)),
    ("máy", (64, 118)),
    ("viên chức", (72, 124)),
    ("công chức", (41, 62)),
    ("mục thông tin", (18, 32)),
    ("dvctt", (36, 68)),
    ("đủ điều kiện", (38, 70)),
    ("tthc", (84, 146)),
)
_OTHERWISE = {IndicatorKind.STOCK: (40, 160), IndicatorKind.FLOW: (120, 480)}


def size_range(denominator: str, kind: IndicatorKind) -> tuple[int, int]:
    """The least and the greatest number to draw from, for a denominator's folded definition."""
    return next((found for words, found in _BY_WORDS if words in denominator), _OTHERWISE[kind])
