"""What a row of a free table is: data, a row that says there is none, a total, or the signatures below the table.

Free tables (difficulties, budgets) have neither codes nor a fixed length, so their rows are told by their words. The
words are closed lists: what is not certainly something else is data, and nothing is left out without a finding.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from baocao.domain.planned.form import Column, ColumnType
from baocao.workbook.cells import Raw, folded

_CENTS = 0.005
_NUMBERED = re.compile(r"[0-9]+[.)]?")
_LEAD = re.compile(r"(?:[-–—•*+·“”\"'( ]|(?:[ivx]+|[a-h]|[0-9]+)[.)/](?= ))+")
_TRAIL = " .,;:!…*”“\"'"
_TOTAL = re.compile(
    r"(?:tổng|cộng|t\. ?cộng|tc|σ|∑|tong cong|total|sub-?total|grand total|sum)"
    r"(?: (?:cộng|tổng|số|chung|toàn bộ|toàn|tiền|kinh phí|dự toán|dự kiến|nhu cầu|đề nghị|đề xuất|thực hiện|giá trị|"
    r"chi phí|chi|vốn|mức|mục|phần|nhóm|dồn|của|đơn vị|trang|[ivx]+|[a-h]|[0-9]+|các|dòng|khoản|cả|năm))*"
    r"(?: ?\([^)]*\)(?: ?[+,] ?\([^)]*\))*)?"
    r"(?: ?[:=] ?.*| ?[–—-] ?[0-9].*)?"
    r"|(?:số tiền )?(?:viết )?bằng chữ ?:.*"
)
_NOTHING = re.compile(
    r"(?:[-–—−‐‑‒―~=?|.…/0_+*☐□]*|k/?ps|k\.ps|k/?c|n/?a|null|none|nil|no|k|(?:(?:để|bỏ) )?trống|"
    r"(?:(?:(?:trong|ở) )?(?:tháng|kỳ|quý) (?:này |[0-9/]+ )?|"
    r"(?:hiện|đến)(?: nay| tại)? )?(?:đơn vị )?(?:không|chưa|ko)(?: (?:có|phát sinh|gặp|áp dụng|ạ|báo cáo|này|"
    r"đề xuất|đề nghị|kiến nghị|khó khăn|vướng mắc|vấn đề|nội dung|"
    r"ý kiến|nhu cầu(?: về)? kinh phí|nhu cầu|gì|nào|thêm|khác|và|hoặc|các|những|về|trong kỳ|trong tháng))*"
    r"|(?:(?:như )?đã (?:báo cáo|nêu|phản ánh)|như (?:báo cáo|kỳ|tháng))"
    r"(?: (?:ở|tại|trong|trên|báo cáo|kỳ|tháng|trước|này|[0-9]{1,2}(?:/[0-9]{4})?))*)"
)
_NO_CLAUSE = r"(?!(?:.* )?(?:chưa|không|đã|đang|còn|thiếu|có|cần|là|bị|được|phải)(?: |$))"
"""What follows is a name, and nothing that somebody does or lacks."""
_TITLE = (
    r"(?:người|cán bộ|chuyên viên)(?: (?:phụ trách|ký|lập|tổng hợp|báo cáo|viết|duyệt|kiểm tra|phê duyệt|kiểm soát|ký))"
    r"(?: (?:biểu|bảng|báo cáo|phiếu|dự toán))?"
    r"|chuyên viên|lập (?:biểu|bảng)|chủ tài khoản|đơn vị báo cáo|kiểm soát"
    rf"|(?:phó )?(?:tổng )?giám đốc(?: sở(?: {_NO_CLAUSE}[\w ]{{1,40}})?)?"
    r"|(?:phụ trách )?kế toán(?: trưởng)?|(?:phó )?thủ trưởng(?:,? (?:đơn vị|cơ quan))*"
    r"|(?:phó )?chánh văn phòng|(?:phó )?trưởng (?:phòng|ban|đơn vị)|(?:phó )?chủ tịch"
    r"|lãnh đạo(?: (?:đơn vị|cơ quan|sở|phòng|phê duyệt))*|phê duyệt|xác nhận(?: của .+)?|đại diện (?:đơn vị|lãnh đạo)"
)
_SURELY_SIGNED = re.compile(
    r"(?:[\w .-]{1,40}, ?)?ngày (?:[0-9.…_ ]*tháng [0-9.…_ ]*năm [0-9.…_ ]*|[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4})"
    r"|người (?:lập|tổng hợp)(?: (?:biểu|bảng|báo cáo|phiếu|dự toán))?(?: ?\([^)]*\).*)?"
    r"|\((?:đã )?ký[^)]*\)"
)
_LONGEST_TITLE = 60
_SIGNED = re.compile(
    rf"{_SURELY_SIGNED.pattern}"
    r"|(?:kt|k/t|tl|t/l|tm|t/m|tuq)\. ?.{1,60}"
    rf"|(?:{_TITLE})(?: ?\([^)]*\).*| ?: ?{_NO_CLAUSE}[\w .]{{1,40}})?[.:]*"
    r"|\((?:đã )?(?:ký|chữ ký|họ)[^)]*\)|(?:đã )?ký(?: tên| duyệt| thay)?"
    r"(?:,? ?(?:và )?(?:ghi rõ họ,?(?: và)? tên|đóng dấu))*"
    r"|nơi nhận ?:.*"
)


class RowKind(Enum):
    """What a row of a free table is."""

    EMPTY = auto()
    DATA = auto()
    NOTHING = auto()
    TOTAL = auto()
    END = auto()


def says_nothing(text: str) -> bool:
    """Whether a folded text only says that there is nothing, or nothing new: ``không có``, ``-``, ``đã báo cáo``."""
    return bool(_NOTHING.fullmatch(_bare(text).rstrip(")/").replace(",", "")))


def names_total(text: str) -> bool:
    """Whether a folded text is the name of a total; a number or letter before it does not matter."""
    return bool(_TOTAL.fullmatch(_bare(text)))


def _bare(text: str) -> str:
    """A folded text without the bullet or number before it and the signs behind it."""
    return _LEAD.sub("", text, count=1).rstrip(_TRAIL) if _LEAD.match(text) else text.rstrip(_TRAIL)


def _is_signed(texts: Sequence[str]) -> bool:
    """Whether a row opens or belongs to a signature block: nothing but titles, or a sure sign among short texts."""
    is_sure = any(_SURELY_SIGNED.fullmatch(text) for text in texts) and max(map(len, texts)) <= _LONGEST_TITLE
    return is_sure or all(_SIGNED.fullmatch(text) for text in texts)


@dataclass(slots=True)
class FreeRows:
    """The rows of one free table in order; ``columns`` are those of the form that the file has, with their places."""

    columns: Sequence[tuple[Column, int]]
    _sum: dict[str, float] = field(default_factory=dict)
    _part: dict[str, float] = field(default_factory=dict)
    _count: int = 0

    def texts(self, raws: Mapping[str, Raw]) -> dict[str, str]:
        """The folded texts of a row's cells that are not empty, without the number of the row."""
        texts = {column.key: folded(raws[column.key]) for column, _ in self.columns}
        return {key: text for key, text in texts.items() if text and not self._is_number(key, text)}

    def _is_number(self, key: str, text: str) -> bool:
        return self._type(key) is ColumnType.INDEX and bool(_NUMBERED.fullmatch(text))

    def _type(self, key: str) -> ColumnType:
        return next(column.type for column, _ in self.columns if column.key == key)

    def kind(self, texts: Mapping[str, str], amounts: Mapping[str, float]) -> RowKind:
        """What a row is, by its texts and the amounts in it."""
        if not texts:
            return RowKind.EMPTY
        if not amounts and _is_signed(list(texts.values())):
            return RowKind.END
        if all(says_nothing(text) for text in texts.values()):
            return RowKind.NOTHING
        if self._is_total(texts) or self._is_bare_sum(texts, amounts):
            return RowKind.TOTAL
        is_only_index = all(self._type(key) is ColumnType.INDEX for key in texts)
        return RowKind.EMPTY if is_only_index else RowKind.DATA

    def _is_total(self, texts: Mapping[str, str]) -> bool:
        """Whether the row's first text is a total's name; a number or letter before it does not matter."""
        named = [text for key, text in texts.items() if self._type(key) is not ColumnType.INDEX]
        return any(names_total(text) for text in (next(iter(texts.values())), *named[:1]))

    def _is_bare_sum(self, texts: Mapping[str, str], amounts: Mapping[str, float]) -> bool:
        """Whether the row has amounts alone, and they are the sums of the rows above."""
        is_bare = bool(amounts) and texts.keys() == amounts.keys() and self._count > 1
        return is_bare and not self.disagreeing(amounts)

    def take(self, amounts: Mapping[str, float]) -> None:
        """Let a data row's amounts count."""
        self._count += 1
        for sums in (self._sum, self._part):
            for key, amount in amounts.items():
                sums[key] = sums.get(key, 0.0) + amount

    def disagreeing(self, totals: Mapping[str, float]) -> tuple[str, float] | None:
        """The column of a total row that is neither the sum of all rows above nor since the last total, and the sum."""
        for key, total in totals.items():
            sums = [one.get(key, 0.0) for one in (self._sum, self._part)]
            if all(abs(total - one) > _CENTS for one in sums):
                return key, sums[0]
        return None

    def close_part(self) -> None:
        """A total row was met: the next one may sum what follows it."""
        self._part = {}


def looks_like_data(texts: Mapping[str, str], amounts: Mapping[str, float]) -> bool:
    """Whether a row below the signatures may be data after all: an amount, or three cells or more."""
    return bool(amounts) or len(texts) > 2
