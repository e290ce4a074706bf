"""Kiểm tra thử: a mail whose subject begins so asks what is wrong with its workbook, and files nothing."""

import re
import unicodedata

_BEFORE = re.compile(
    r"^\s*(?:(?:re|fwd?|tl|trả lời|chuyển tiếp)\s*(?:\[\d+\])?\s*:|(?:v/v|về việc)\b\s*:?|\[[^\]]{0,40}\])\s*",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"^[\W_]*(?:kiểm[\W_]*tra[\W_]*thử|kiem[\W_]*tra[\W_]*thu)(?![^\W_])", re.IGNORECASE)


def is_trial(subject: str) -> bool:
    """Whether a message is a trial, whatever its case, its Unicode form, what stands between the words or before them.

    Without any mark of tone it counts, too; half of the marks is another word («Kiểm tra thu ngân sách»).
    """
    plain = " ".join(unicodedata.normalize("NFC", subject).split())
    while (shorter := _BEFORE.sub("", plain)) != plain:
        plain = shorter
    return _TRIAL.match(plain) is not None
