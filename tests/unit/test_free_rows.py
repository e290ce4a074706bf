"""What a row of a free table is, by its words alone: the spellings of offices, and sentences that only look so."""

import pytest
from support.workbooks.content import PLAN

from baocao.workbook.cells import Raw
from baocao.workbook.reading.free_rows import FreeRows, RowKind

TOTALS = (
    "- Tổng cộng", "• Tổng cộng:", "III. TỔNG CỘNG", "* Cộng *", "Tổng cộng…", "T. cộng", "TC", "Σ", "Total", "SUM:",
    "Grand total", "Tổng chi phí", "Tổng kinh phí thực hiện", "Tổng giá trị (triệu đồng)", "Tổng (1)+(2)",
    "Tổng cộng - 500 triệu đồng", "Cộng dồn", "Tổng cộng toàn đơn vị", "“Tổng cộng”", "TỔNG CỘNG (bằng chữ: năm trăm)",
    "\uf0b7 Tổng\u00a0cộng", "Cộng (I + II):",
)  # fmt: skip
NO_TOTALS = ("Tổng kết, đánh giá", "Tổng hợp số liệu", "Cộng tác viên", "Tổng đài", "Tổng - hợp", "Tổ chức hội nghị")
SIGNED = (
    "Lập biểu", "CHỦ TÀI KHOẢN", "Người phụ trách", "GIÁM ĐỐC SỞ CÔNG THƯƠNG", "Ngày 15/8/2022", "Ký duyệt",
    "Ninh Bình, ngày 15/8/2022", "Phụ trách kế toán", "Thủ trưởng cơ quan, đơn vị", "Người lập biểu: Nguyễn Văn A",
)  # fmt: skip
UNSIGNED = (
    "Giám đốc sở Công Thương chưa có chữ ký số", "Kế toán: chưa có", "Chuyên viên thiếu máy", "Ký số không được",
    "Giám đốc Sở đang nghỉ",
)  # fmt: skip
NOTHING = (
    "- Không có", "• Không", "\uf0b7 Không có", "(không có)", "ko", "Nil", "K", "“Không”", "1. Không có",
    "Không gặp khó khăn, vướng mắc trong kỳ báo cáo", "Tháng 10/2022 không có khó khăn", "Đến nay chưa có",
    "−", "‑", "?", "(trống)", "Đã báo cáo tháng 9/2022", "Như kỳ trước",
)  # fmt: skip
SOMETHING = (
    "Đã báo cáo tại văn bản 12/BC-SCT",
    "Chưa có kinh phí",
    "Không có máy quét",
    "Không có khó khăn lớn, trừ máy quét",
    "Chưa có hướng dẫn",
)


def kind(form: str, sheet: str, *, amount: Raw = None, **cells: Raw) -> RowKind:
    """What a row with these cells is, below two rows of 300 and 200."""
    columns = [(column, at) for at, column in enumerate(PLAN.forms[form].sheet(sheet).columns)]
    rows = FreeRows(columns)
    for above in (300.0, 200.0):
        rows.take({"amount_mil_vnd": above})
    raws: dict[str, Raw] = {column.key: cells.get(column.key) for column, _ in columns}
    amounts = {} if amount is None else {"amount_mil_vnd": float(str(amount))}
    return rows.kind(rows.texts(raws | ({} if amount is None else {"amount_mil_vnd": amount})), amounts)


@pytest.mark.parametrize("words", TOTALS)
def test_a_total_is_one_in_any_spelling_beside_anything(words: str) -> None:
    assert kind("phan-cong", "budget", amount=500.0, purpose=words) is RowKind.TOTAL
    assert kind("phan-cong", "budget", amount=500.0, ordinal="A", purpose=words, source="Tỉnh") is RowKind.TOTAL
    assert kind("phan-cong", "budget", amount=500.0, ordinal=words) is RowKind.TOTAL


@pytest.mark.parametrize("words", NO_TOTALS)
def test_what_only_begins_like_a_total_is_data(words: str) -> None:
    assert kind("phan-cong", "budget", amount=500.0, purpose=words) is RowKind.DATA


@pytest.mark.parametrize("words", SIGNED)
def test_signatures_in_other_words_end_the_table(words: str) -> None:
    assert kind("thang", "difficulties", difficulty=words) is RowKind.END
    assert kind("phan-cong", "budget", purpose=words) is RowKind.END


@pytest.mark.parametrize("words", UNSIGNED)
def test_a_sentence_about_those_who_sign_is_data(words: str) -> None:
    assert kind("thang", "difficulties", difficulty=words) is RowKind.DATA


@pytest.mark.parametrize("words", NOTHING)
def test_nothing_is_nothing_behind_a_bullet_and_in_any_words(words: str) -> None:
    assert kind("thang", "difficulties", difficulty=words, cause="-") is RowKind.NOTHING


@pytest.mark.parametrize("words", SOMETHING)
def test_what_is_lacking_is_a_difficulty(words: str) -> None:
    assert kind("thang", "difficulties", difficulty=words) is RowKind.DATA


def test_an_empty_box_in_each_row_is_nothing() -> None:
    assert kind("thang", "difficulties", is_beyond_authority="☐") is RowKind.NOTHING
    assert kind("thang", "difficulties", is_beyond_authority="☑", difficulty="Thiếu máy") is RowKind.DATA
