"""A batch of received files: as it was read, as it was sorted, and what filing it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Content, Receipt, Submission
from baocao.store.contents import Key
from baocao.store.submissions import Filed


@dataclass(frozen=True, slots=True)
class Read:
    """A received file with what was read from it."""

    receipt: Receipt
    content: Content


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that cannot be counted for anybody before a person has looked at it."""

    receipt: Receipt
    why: str


@dataclass(frozen=True, slots=True)
class Early:
    """A file for a month that is not collected yet: it waits, and is taken up with that month."""

    receipt: Receipt
    unit: str
    period: Period


@dataclass(frozen=True, slots=True)
class Sorted:
    """A round sorted: what is to be checked, what is known, what belongs to nobody or elsewhere, what came too early.

    ``duplicates`` are those of which it is known before anything is checked; the others turn out in filing.
    """

    to_check: tuple[Read, ...]
    duplicates: tuple[Read, ...]
    quarantined: tuple[Quarantined, ...]
    early: tuple[Early, ...] = ()

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """All of it."""
        read = (one.receipt for one in (*self.to_check, *self.duplicates))
        return (*read, *(one.receipt for one in self.quarantined), *(one.receipt for one in self.early))


@dataclass(frozen=True, slots=True)
class FiledRound:
    """What filing a round did: new submissions with what they were made from, and the rest as it was sorted.

    ``counting``: by unit, form and period, the submission whose figures count now, of every report that was touched.
    """

    submissions: tuple[tuple[Submission, Filed], ...] = ()
    duplicates: tuple[tuple[Receipt, Submission | None], ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    early: tuple[Early, ...] = ()
    counting: Mapping[Key, Submission] = field(default_factory=dict)
