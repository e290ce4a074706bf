"""Giải trình: why a warning is right as it stands, told by the unit and accepted by the coordinator."""

from dataclasses import dataclass
from datetime import datetime

from baocao.domain.received.finding import Finding


@dataclass(frozen=True, slots=True)
class Explained:
    """What a workbook itself answers to a finding of its earlier version."""

    rule: str
    sheet: str
    cell: str
    text: str

    def is_about(self, finding: Finding) -> bool:
        """Whether it answers this finding."""
        return (self.rule, self.sheet, self.cell) == (finding.rule, finding.sheet, finding.cell)


@dataclass(frozen=True, slots=True)
class Matter:
    """What an explanation is about: a rule's finding of a unit on a row (its code, else its cell) with its value.

    The same matter in a later month is closed by an explanation that was accepted; another value is another matter.
    """

    unit: str
    rule: str
    subject: str
    value: str

    @classmethod
    def of(cls, unit: str, finding: Finding) -> "Matter":
        """The matter of a finding."""
        subject = finding.code or f"{finding.sheet or ''}!{finding.cell or ''}"
        return cls(unit, finding.rule, subject, finding.value or "")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A unit's explanation of a matter in a period; accepted where ``accepted_by`` is set. Moments are aware."""

    id: int
    matter: Matter
    period: str
    version: int
    text: str
    explained_by: str
    explained_at: datetime
    channel: str
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    accepted_reason: str | None = None

    @property
    def shown(self) -> str:
        """The explanation as it is printed behind its finding."""
        state = f"đã được {self.accepted_by} chấp nhận" if self.accepted_by else "chờ xem xét"
        return f"Giải trình ({state}): {self.text}"
