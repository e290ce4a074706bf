"""Which contents stand: of each unit's report for a form and period, the version that counts and the last one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import Connection, select

from baocao.domain.grouping import batched
from baocao.domain.received.submission import Verdict
from baocao.store.engine.dialect import lock_for_one
from baocao.store.schema.reporting import receipt, submission

Key = tuple[str, str, str]
"""Unit, form and period (``2022-10``): what a report is versioned by."""
_UNITS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Version:
    """One version by its content. ``arrival``: see :attr:`Receipt.arrival`."""

    arrival: str
    sha256: str
    receipt_id: int
    verdict: Verdict


@dataclass(slots=True)
class Standings:
    """The version that counts (accepted, arrived last) and the last that came, by key."""

    counting: dict[Key, Version] = field(default_factory=dict)
    last: dict[Key, Version] = field(default_factory=dict)

    def twin(self, key: Key, sha256: str) -> Version | None:
        """The version that the same content again is a duplicate of: the one that counts, else the last that came.

        The same as an earlier one, which no longer counts, is the sender's wish to go back. What could not be read is
        read again: the reason may have been a passing one, such as a reader that ran out of time.
        """
        last = self.last.get(key)
        readable = last if last is not None and last.verdict is not Verdict.UNREADABLE else None
        return next((one for one in (self.counting.get(key), readable) if one and one.sha256 == sha256), None)

    def add(self, key: Key, new: Version) -> None:
        """Take a further version into account."""
        if key not in self.last or self.last[key].arrival < new.arrival:
            self.last[key] = new
        is_accepted = new.verdict is Verdict.ACCEPTED
        if is_accepted and (key not in self.counting or self.counting[key].arrival < new.arrival):
            self.counting[key] = new


def standings_of(connection: Connection, keys: Collection[Key], *, lock: bool = False) -> Standings:
    """How these reports stand; with ``lock`` nobody else files anything before the transaction ends."""
    if lock:
        lock_for_one(connection, submission)
    found = Standings()
    for (form, period), some in groupby(sorted(keys, key=_of), key=_of):
        units = [unit for unit, _, _ in some]
        for at_once in batched(units, _UNITS_AT_ONCE):
            for unit, version in _versions(connection, form, period, at_once):
                found.add((unit, form, period), version)
    return found


def _of(key: Key) -> tuple[str, str]:
    return key[1], key[2]


def _versions(connection: Connection, form: str, period: str, units: Collection[str]) -> Iterable[tuple[str, Version]]:
    columns = (submission.c.arrival, receipt.c.sha256, submission.c.receipt_id, submission.c.verdict)
    query = (
        select(submission.c.unit, *columns)
        .join(receipt, receipt.c.id == submission.c.receipt_id)
        .where(submission.c.form == form, submission.c.period == period, submission.c.unit.in_(units))
    )
    for unit, arrival, sha256, receipt_id, verdict in connection.execute(query):
        yield unit, Version(arrival, sha256, receipt_id, Verdict(verdict))
