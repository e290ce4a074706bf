"""What a rule found, at a cell. Findings are values; nothing is raised for a bad figure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: one CRITICAL sends the submission back."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """For people."""
        return {"critical": "Lỗi", "warning": "Cảnh báo", "info": "Lưu ý"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, where its reader should look first.

    ``sheet`` and ``cell`` (``D12``) are as the person sees them in Excel; both are None for a fault of the
    whole file, and ``cell`` is None where there is none (a missing sheet). ``code`` is the row's code.
    """

    rule: str
    severity: Severity
    message: str
    sheet: str | None = None
    cell: str | None = None
    code: str | None = None
    value: str | None = None
    expected: str | None = None

    def as_row(self) -> dict[str, str | None]:
        """The finding as the ``check`` command prints it."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "code": self.code,
            "value": self.value,
            "expected": self.expected,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's stable name, its weight, and the sentence that a clerk reads when it is broken.

    ``message`` is a format string; it may use ``{value}``, ``{expected}``, ``{cell}``, ``{sheet}``, ``{code}`` and
    whatever else is handed to :meth:`at`. ``hint`` says how to mend the fault and ends the message. ``source`` says on
    what ground it is asked: «Kế hoạch, mục …», a decree with its article, or «Quy ước của hệ thống: » and the reason
    in a sentence.
    """

    name: str
    severity: Severity
    message: str
    hint: str
    source: str

    def at(
        self,
        *,
        sheet: str | None = None,
        cell: str | None = None,
        code: str | None = None,
        value: object = None,
        expected: str | None = None,
        **more: Any,
    ) -> Finding:
        """The finding of this rule at a place."""
        shown = None if value is None else clip(str(value))
        text = self.message.format(value=shown, expected=expected, cell=cell, sheet=sheet, code=code, **more)
        return Finding(
            self.name,
            self.severity,
            f"{text} {self.hint.format(expected=expected, **more)}".strip(),
            sheet,
            cell,
            code,
            shown,
            expected,
        )


def clip(text: str, limit: int = 120) -> str:
    """The text on one line, cut to a length that fits a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def place(finding: Finding) -> str:
    """Where the finding is, for people: ``Chỉ tiêu!D12``, a sheet's name, or the whole file."""
    if finding.sheet is None:
        return "Cả tệp"
    return f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
