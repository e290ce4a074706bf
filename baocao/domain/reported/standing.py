"""How the units stand in a period: who has sent what, and how it was judged."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from baocao.domain.grouping import grouped
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.submission import Submission, Timeliness, UnitState, Verdict
from baocao.domain.reported.progress import UnitStanding

NOBODY: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def standings(
    plan: Plan,
    submissions: Iterable[Submission],
    quarantined: Collection[str],
    waiting: Collection[str] = (),
    signed: Mapping[str, tuple[str, ...]] = NOBODY,
) -> tuple[UnitStanding, ...]:
    """One row per unit in the plan's order, from every version of one period.

    ``quarantined``: the units of whose files one lies in the quarantine; ``waiting``: those of whose one came early;
    ``signed``: by unit, who signed the document beside its workbook. A unit with an accepted
    version stands accepted whatever it sent later; its timeliness is that of its first accepted version.
    """
    versions = grouped(sorted(submissions, key=lambda one: one.order), lambda one: one.unit)
    zone = ZoneInfo(plan.calendar.timezone)
    rows = (_standing(unit, versions.get(unit.code, []), unit.code in quarantined, zone) for unit in plan.units)
    return tuple(_with_more(row, waiting, signed) for row in rows)


def _with_more(row: UnitStanding, waiting: Collection[str], signed: Mapping[str, tuple[str, ...]]) -> UnitStanding:
    more: dict[str, object] = {"is_waiting": True} if row.version is None and row.unit in waiting else {}
    more |= {"signed_by": signed[row.unit]} if row.unit in signed else {}
    return row.model_copy(update=more) if more else row


def _standing(unit: Unit, versions: Sequence[Submission], is_quarantined: bool, zone: ZoneInfo) -> UnitStanding:
    accepted = [one for one in versions if one.verdict is Verdict.ACCEPTED]
    if not versions:
        state = UnitState.QUARANTINED if is_quarantined else UnitState.MISSING
        timeliness = Timeliness.MISSING
        return UnitStanding(unit=unit.code, name=unit.name, state=state, timeliness=timeliness, group=unit.group_name)
    shown = accepted[-1] if accepted else versions[-1]
    return UnitStanding(
        unit=unit.code,
        name=unit.name,
        state=UnitState.ACCEPTED if accepted else UnitState.REJECTED,
        timeliness=(accepted[0] if accepted else shown).timeliness,
        version=shown.version,
        received_at=shown.received_at.astimezone(zone),
        critical=shown.critical,
        warnings=shown.warnings,
        group=unit.group_name,
    )


class Tally(NamedTuple):
    """How many reports were expected: accepted on time, accepted late, and not accepted at all."""

    on_time: int
    late: int
    missing: int

    @property
    def accepted(self) -> int:
        """Those that count, in time or not."""
        return self.on_time + self.late

    @property
    def expected(self) -> int:
        """All of them."""
        return self.accepted + self.missing


class Tallied(Protocol):
    """Whatever tells how many reports came on time, late and not at all: a unit over the months, a month of all."""

    @property
    def on_time(self) -> int:
        """Accepted on time."""
        ...

    @property
    def late(self) -> int:
        """Accepted late."""
        ...

    @property
    def missing(self) -> int:
        """Not accepted."""
        ...


def tally(rows: Iterable[UnitStanding]) -> Tally:
    """The one place where it is counted who reported and who did so in time: only what was accepted did."""
    counts = Counter(row.timeliness if row.state is UnitState.ACCEPTED else Timeliness.MISSING for row in rows)
    return Tally(counts[Timeliness.ON_TIME], counts[Timeliness.LATE], counts[Timeliness.MISSING])


def total(rows: Sequence[Tallied]) -> Tally:
    """The sum of several tallies."""
    return Tally(sum(row.on_time for row in rows), sum(row.late for row in rows), sum(row.missing for row in rows))


def completeness_pct(rows: Sequence[UnitStanding]) -> float:
    """Accepted / expected, in percent."""
    return _share(tally(rows).accepted, len(rows))


def timeliness_pct(rows: Sequence[UnitStanding]) -> float:
    """Accepted on time / expected, in percent."""
    return _share(tally(rows).on_time, len(rows))


def _share(part: int, whole: int) -> float:
    return round(part / whole * 100, 2)
