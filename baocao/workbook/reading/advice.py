"""How to mend a cell that does not parse, told for what stands in it; no example that its own rule would refuse."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.wording import date_text
from baocao.workbook.cells import Fault, Raw, fold, folded, says_zero

_FRACTION = re.compile(r"([0-9]{1,9}) ?/ ?([0-9]{1,9})")
_PERCENT = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)? ?%")
_ONE_NUMBER = re.compile(r"[^0-9]*?([0-9]{1,9})(?![0-9.,/%]*[0-9])[^0-9%]*")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_YEARLESS = re.compile(r"(?:ngày )?([0-9]{1,2}) ?(?:[/.-]|tháng) ?([0-9]{1,2})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2})")
_WITH_DOTS = re.compile(r"([0-9]{1,2})[./ -]+([0-9]{1,2})[./ -]+([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?:[t ].*)?")
_FIRST_SERIAL = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
_MEANT = {
    "hoàn thành": ("xong", "hoàn tất", "hoàn thành", "kết thúc", "done", "ht"),
    "đang triển khai": ("đang", "dở dang", "chưa xong", "chưa hoàn thành", "đtk"),
    "chưa triển khai": ("chưa", "ctk"),
    "không phát sinh": ("không", "kps", "k/ps", "-"),
}
_PARTLY = ("một phần", "phần lớn", "cơ bản", "gần", "sắp")
_NOT_YET = ("chưa xong", "chưa hoàn", "chưa kết", "đang hoàn")

_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Beside:
    """The two counts of a row: the addresses of numerator and denominator."""

    numerator: str
    denominator: str


def advice(fault: Fault, raw: Raw, column: Column, beside: Beside | None, percent_shown: bool | None) -> str | None:
    """The sentence that says what to do here; None where the rule's own hint is as good."""
    if fault is Fault.NOT_A_DATE:
        return _date_advice(raw)
    if fault is Fault.NOT_IN_LIST and column.choices:
        return _choice_advice(folded(raw), column)
    if fault in (Fault.NOT_A_NUMBER, Fault.NOT_WHOLE, Fault.AMBIGUOUS_NUMBER):
        if column.type is not ColumnType.COUNT:
            return _measure_advice(raw, column)
        return _count_advice(raw, beside, percent_shown=bool(percent_shown))
    return None


def _count_advice(raw: Raw, beside: Beside | None, *, percent_shown: bool) -> str:
    text = folded(raw)
    if isinstance(raw, int | float) and not percent_shown:
        return "Hãy ghi số lượng đếm được, không có phần thập phân."
    if says_zero(text):
        return f"Nếu không phát sinh, hãy ghi 0 {_both(beside)}; nếu có, hãy ghi số lượng đếm được."
    if percent_shown or _PERCENT.fullmatch(text):
        return "Hãy ghi số lượng đếm được, không ghi phần trăm; tỷ lệ tự tính."
    if (parts := _fraction(raw, text)) is not None:
        return _fraction_advice(parts, beside)
    if _GROUPED.fullmatch(text):
        return f"Hãy ghi {text.replace(',', '')} nếu dấu phẩy ngăn hàng nghìn; ô này chỉ nhận số nguyên."
    if found := _ONE_NUMBER.fullmatch(text):
        return f"Nếu đúng là {int(found[1])}, hãy chỉ ghi {int(found[1])}; lời giải thích ghi ở cột Ghi chú."
    return "Hãy chỉ ghi chữ số, ví dụ 1234; chưa có số liệu thì hỏi lại người theo dõi, không ghi chữ vào ô này."


def _both(beside: Beside | None) -> str:
    return "vào ô này" if beside is None else f"ở cả hai ô {beside.numerator}, {beside.denominator}"


def _fraction(raw: Raw, text: str) -> tuple[int, int] | None:
    if isinstance(raw, date):
        return raw.day, raw.month
    found = _FRACTION.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def _fraction_advice(parts: tuple[int, int], beside: Beside | None) -> str:
    if beside is None:
        return "Mỗi ô chỉ ghi một số nguyên, không ghi phân số hay ngày."
    return f"Hãy ghi {parts[0]} vào {beside.numerator}, {parts[1]} vào {beside.denominator}."


def _measure_advice(raw: Raw, column: Column) -> str:
    text = folded(raw)
    example = "1250,5" if column.type is ColumnType.AMOUNT else "85,5"
    if says_zero(text):
        return "Hãy ghi 0, hoặc để trống khi không phát sinh."
    if _GROUPED.fullmatch(text):
        return _grouped_advice(text)
    return f"Hãy chỉ ghi số, dấu phẩy cho phần thập phân, ví dụ {example}."


def _grouped_advice(text: str) -> str:
    """Both readings of ``1,500``, each as it is written so that it has no other: 1500, 1,5."""
    whole, _, fraction = text.rpartition(",")
    grouped = f"Hãy ghi {text.replace(',', '')} nếu dấu phẩy ngăn hàng nghìn"
    if "," in whole:
        return f"{grouped}."
    digits = fraction.rstrip("0")
    decimals = f",{digits}{'0' if len(digits) == len(fraction) else ''}" if digits else ""
    return f"{grouped}; ghi {whole}{decimals} nếu là phần thập phân."


def _date_advice(raw: Raw) -> str | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in _SERIALS:
        meant = _FIRST_SERIAL + timedelta(days=int(raw))
        return f"Ô đang ở dạng số; nếu là ngày {date_text(meant)}, hãy ghi {date_text(meant)}."
    text = folded(raw)
    for pattern, make in _DATES:
        if found := pattern.fullmatch(text):
            return make(*(int(part) for part in found.groups()))
    return None


def _yearless(day: int, month: int) -> str:
    return f"Ngày này thiếu năm; hãy ghi đủ ngày, tháng, năm, dạng {day:02d}/{month:02d}/năm (bốn chữ số)."


def _short_year(day: int, month: int, year: int) -> str:
    return f"Hãy ghi năm đủ bốn chữ số: {day:02d}/{month:02d}/{_CENTURY + year}."


def _whole_date(day: int, month: int, year: int) -> str:
    try:
        return f"Hãy ghi {date_text(date(year, month, day))}."
    except ValueError:
        if day <= 12 < month <= 31:
            return f"Có lẽ ngày và tháng đổi chỗ; hãy ghi ngày trước, tháng sau: {month:02d}/{day:02d}/{year}."
        return "Ngày này không có trong lịch; hãy xem lại ngày và tháng."


def _iso(year: int, month: int, day: int) -> str:
    return _whole_date(day, month, year)


_DATES: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (_YEARLESS, _yearless),
    (_SHORT_YEAR, _short_year),
    (_WITH_DOTS, _whole_date),
    (_ISO, _iso),
)


def _choice_advice(text: str, column: Column) -> str | None:
    meant = likely_choice(text, column.choices)
    return f"Nếu ý là “{meant}”, hãy chọn “{meant}” trong danh sách của ô." if meant else None


def likely_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """The choice that a folded text most likely means; None where that is open."""
    by_plain = {plain(choice): choice for choice in choices}
    if plain(text) in by_plain:
        return by_plain[plain(text)]
    by_fold = {fold(choice): choice for choice in choices}
    if "đang triển khai" in by_fold and any(sign in text for sign in _PARTLY):
        return by_fold["đang triển khai"]
    order = ("đang triển khai", *_MEANT) if text.startswith(_NOT_YET) else tuple(_MEANT)
    return next((by_fold[one] for one in order if one in by_fold and _means(text, _MEANT[one])), None)


def _means(text: str, starts: tuple[str, ...]) -> bool:
    bare = text.removeprefix("đã ")
    return any(bare == start or bare.startswith(f"{start} ") for start in starts)


def plain(text: str) -> str:
    """A text folded and without marks, to find what was meant where they were left out: never to decide by."""
    apart = normalize("NFD", fold(text).replace("đ", "d"))
    return " ".join("".join(sign for sign in apart if sign.isalnum() or sign == " ").split())
