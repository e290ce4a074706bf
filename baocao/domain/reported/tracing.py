"""Nguồn gốc: where a figure of a report comes from, to the cell of each unit's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baocao.domain.planned.period import Period
from baocao.domain.wording import NO_DATA, count_text


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit gives to a figure: its counting version, the cells in its file, the archived file itself.

    ``period`` is the one that the version is of: an earlier one where a value counts on. Counts are None where they are
    in no sum. ``received_at`` is aware, in the plan's zone. ``decisions`` are those of people on that version, and what
    the plan decided; ``findings`` are sentences on this figure, each with the unit's explanation.
    """

    unit: str
    period: Period
    version: int
    sheet: str | None
    numerator_cell: str | None
    denominator_cell: str | None
    numerator: float | None
    denominator: float | None
    sha256: str
    file: str
    received_at: datetime
    decisions: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def counts(self) -> str:
        """``90/100``."""
        return counts_text(self.numerator, self.denominator)

    @property
    def where(self) -> str:
        """The cells: ``Chỉ tiêu!D8, E8``."""
        cells = ", ".join(filter(None, (self.numerator_cell, self.denominator_cell)))
        return f"{self.sheet}!{cells}" if self.sheet and cells else "không còn tệp để đọc"

    @property
    def told(self) -> list[str]:
        """What was decided, and what was found."""
        decided = [f"{one['who']}: {one['reason']}" if one["who"] else str(one["reason"]) for one in self.decisions]
        return [*decided, *self.findings]

    def as_row(self) -> dict[str, Any]:
        """As ``trace --json`` prints it."""
        return {
            "unit": self.unit,
            "version": self.version,
            "sheet": self.sheet,
            "numerator_cell": self.numerator_cell,
            "denominator_cell": self.denominator_cell,
            "numerator": plain_count(self.numerator),
            "denominator": plain_count(self.denominator),
            "sha256": self.sha256,
            "file": self.file,
            "received_at": self.received_at.isoformat(),
            "decisions": [dict(one) for one in self.decisions],
        }


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A figure as one version of the report gave it, so that a corrected figure shows both lines."""

    version: int
    sent_at: datetime
    numerator: float | None
    denominator: float | None

    @property
    def counts(self) -> str:
        """``90/100``."""
        return counts_text(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure of the whole pilot, or of one unit, with its parts; ``components`` of a headline that has no own counts.

    ``published``: what each published version said of the whole pilot's figure; none for a unit's.
    """

    period: Period
    code: str
    name: str
    numerator: float | None
    denominator: float | None
    parts: tuple[Part, ...]
    published: tuple[PublishedLine, ...] = ()
    components: tuple[str, ...] = ()

    @property
    def counts(self) -> str:
        """``90/100``."""
        return counts_text(self.numerator, self.denominator)

    @property
    def told(self) -> list[str]:
        """What each published version said, and which figures have the counts where this one has none."""
        lines = [
            f"Báo cáo lần {one.version}, phát hành {one.sent_at:%d/%m/%Y %H:%M}: {one.counts}"
            + ("" if one.counts == self.counts else " (khác số hiện nay)")
            for one in self.published
        ]
        if self.components:
            lines.append(f"Chỉ tiêu này không có số riêng; xem từng thành phần: {', '.join(self.components)}.")
        return lines

    def as_row(self) -> dict[str, Any]:
        """As ``trace --json`` prints it."""
        return {
            "period": str(self.period),
            "code": self.code,
            "numerator": plain_count(self.numerator),
            "denominator": plain_count(self.denominator),
            "parts": [part.as_row() for part in self.parts],
        }


def counts_text(numerator: float | None, denominator: float | None) -> str:
    """Both counts for people."""
    if numerator is None and denominator is None:
        return NO_DATA
    return f"{count_text(numerator) or 'trống'}/{count_text(denominator) or 'trống'}"


def plain_count(value: float | None) -> float | int | None:
    """A count as JSON gives it: whole where it is whole."""
    return int(value) if value is not None and value == int(value) else value
