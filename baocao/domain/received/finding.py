"""What a rule found, at a cell. Findings are values; nothing is raised for a bad figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from baocao.domain.labelled import Labelled


class Severity(Labelled):
    """How much a finding weighs."""

    # One of these sends the submission back; nothing of it counts.
    CRITICAL = "critical", "Lỗi"
    # It counts all the same; the unit is asked to look, and the report lists it.
    WARNING = "warning", "Cảnh báo"
    # Only told, so that nobody is surprised; nobody has to do anything.
    INFO = "info", "Lưu ý"

    @property
    def rank(self) -> int:
        """Its place when the worst stand first, from 0."""
        return list(Severity).index(self)


Place = tuple[str, str]
"""A sheet's name and an address in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, where its reader should look first.

    ``sheet`` and ``cell`` (``D12``; in Word ``Bảng 1`` and ``hàng 3, cột 4``) are as the person sees them; both are
    None for a fault of the whole file, and ``cell`` is None where there is none (a missing sheet). ``code`` is the
    row's code. ``also``: the further places (sheet, cell) of the same cause, in their order.
    """

    rule: str
    severity: Severity
    message: str
    sheet: str | None = None
    cell: str | None = None
    code: str | None = None
    value: str | None = None
    expected: str | None = None
    also: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every cell that it is about, the first one first; none where it has no cell."""
        first = ((self.sheet, self.cell),) if self.sheet and self.cell else ()
        return (*first, *self.also)

    def as_row(self) -> dict[str, Any]:
        """The finding as the ``check`` command prints it, and as it is stored."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "code": self.code,
            "value": self.value,
            "expected": self.expected,
            "message": self.message,
            "also": [{"sheet": sheet, "cell": cell} for sheet, cell in self.also],
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
        remedy: str | None = None,
        also: Iterable[Place] = (),
        **more: Any,
    ) -> Finding:
        """The finding of this rule at a place; ``remedy`` says how to mend it here, in place of the rule's hint."""
        shown = None if value is None else clip(str(value))
        text = self.message.format(value=shown, expected=expected, cell=cell, sheet=sheet, code=code, **more)
        return Finding(
            self.name,
            self.severity,
            f"{text} {remedy or self.hint.format(expected=expected, **more)}".strip(),
            sheet,
            cell,
            code,
            shown,
            expected,
            tuple(also),
        )


def clip(text: str, limit: int = 120) -> str:
    """The text on one line, cut to a length that fits a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def place(finding: Finding) -> str:
    """Where the finding is, for people: ``Chỉ tiêu!D12 và 2 ô khác``, a sheet's name, the whole file."""
    if finding.sheet is None:
        return "Cả tệp"
    between = ", " if " " in (finding.cell or "") else "!"
    first = f"{finding.sheet}{between}{finding.cell}" if finding.cell else finding.sheet
    return f"{first} và {len(finding.also)} ô khác" if finding.also else first
