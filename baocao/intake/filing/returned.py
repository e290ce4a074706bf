"""The marked workbook that goes back with an answer."""

from dataclasses import replace
from pathlib import PurePath

from baocao.mail.letters.compose import Outgoing, lighter
from baocao.system.names import clean_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKED = " - đã đánh dấu"
_LONGEST_STEM = 80
_LARGE_BYTES = 1 << 20


def with_copy(message: Outgoing, file_name: str, copy: bytes, keeper: str) -> Outgoing:
    """The message with the marked copy of the file attached; a large one also without, for servers that refuse it.

    ``keeper``: who has the copy for those who did not get it.
    """
    is_document = is_marked_document(copy)
    file = (marked_name(file_name, ".docx" if is_document else ".xlsx"), copy, DOCX if is_document else XLSX)
    message = replace(message, attachments=(*message.attachments, file))
    if len(copy) <= _LARGE_BYTES:
        return message
    return replace(message, fallback=lighter(message, (), f"từ {keeper}"))


def is_marked_document(copy: bytes) -> bool:
    """Whether a marked copy of ours is a Word document."""
    return b"word/document.xml" in copy


def marked_name(file_name: str, suffix: str = ".xlsx") -> str:
    """``báo cáo - đã đánh dấu.xlsx`` for ``báo cáo.xls``; a copy that comes back keeps its name."""
    stem = PurePath(clean_name(file_name)).stem.removesuffix(_MARKED)
    return f"{stem[:_LONGEST_STEM].strip(' .') or 'bao-cao'}{_MARKED}{suffix}"
