"""Giải trình: a warning explained for a unit, and an explanation accepted by the coordinator, with name and reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baocao.decisions.overrides import unit_of
from baocao.domain.planned.period import Period
from baocao.domain.received.explanation import Explanation
from baocao.domain.received.finding import Finding, Severity, place
from baocao.domain.received.submission import Submission
from baocao.domain.signature import Signature
from baocao.store import audit, explanations
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.submissions import findings_of, of_period
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding of a unit's last version in a period; ``number`` is how people name it: ``SCT-2022-10-1-3``."""

    submission: Submission
    ordinal: int
    finding: Finding
    explanation: Explanation | None

    @property
    def number(self) -> str:
        """Unit, period, version and the finding's place in it."""
        one = self.submission
        return f"{one.unit}-{one.period}-{one.version}-{self.ordinal}"

    def as_row(self) -> dict[str, Any]:
        """As ``finding list --json`` prints it."""
        told = self.explanation
        return {
            "number": self.number,
            "unit": self.submission.unit,
            "version": self.submission.version,
            **self.finding.as_row(),
            "explanation": told.text if told else None,
            "explained_by": told.explained_by if told else None,
            "accepted_by": told.accepted_by if told else None,
        }


def listed(workspace: Workspace, period: Period, unit: str | None = None) -> list[Listed]:
    """The findings of every unit's last version in a period, or of one unit's.

    Raises:
        UsageError: the plan has no such unit.
    """
    workspace.schedule(period)
    if unit is not None:
        unit_of(workspace, unit)
    with reading(workspace.engine) as connection:
        return list(listed_in(connection, period, unit))


def listed_in(connection: Connection, period: Period, unit: str | None) -> Iterator[Listed]:
    """The same, as the caller's transaction sees it."""
    last = {one.unit: one for one in sorted(of_period(connection, period), key=lambda one: one.order)}
    chosen = [one for one in last.values() if unit in (None, one.unit)]
    identifiers = [one.id for one in chosen]
    found = findings_of(connection, identifiers)
    told = explanations.of_submissions(connection, identifiers)
    for one in chosen:
        for ordinal, finding in enumerate(found.get(one.id, []), start=1):
            yield Listed(one, ordinal, finding, told.get((one.id, ordinal)))


def explain(workspace: Workspace, period: Period, number: str, text: str, signed: Signature) -> Listed:
    """Keep what a unit answers to a warning, told to the coordinator by voice or letter.

    Raises:
        UsageError: there is no such finding, it can only be mended, or nothing is said.
    """
    if not text.strip():
        raise UsageError("Giải trình đang trống; hãy ghi lý do ở --text.")
    with writing(workspace.engine) as connection:
        one = _named(connection, period, number)
        if one.finding.severity is not Severity.WARNING:
            raise UsageError(f"{number} không phải cảnh báo: lỗi chỉ có thể sửa, hoặc do người phụ trách quyết định.")
        explain_in(connection, period, one, text.strip(), signed)
    return one


def explain_in(connection: Connection, period: Period, one: Listed, text: str, signed: Signature) -> None:
    """Keep what a unit answers to a warning, in the caller's transaction and in the audit book."""
    told = (signed.name, signed.at, signed.channel.value)
    whose = (one.submission.unit, str(period))
    explanations.add(connection, (one.submission.id, one.ordinal), whose, one.finding, text, told)
    _note(connection, "explain", one, period, signed, text)


def accept(workspace: Workspace, period: Period, number: str, signed: Signature) -> Listed:
    """Accept the explanation of a finding: the same warning is closed until its value changes.

    Raises:
        UsageError: there is no such finding, or nobody explained it.
    """
    with writing(workspace.engine) as connection:
        one = _named(connection, period, number)
        if one.explanation is None:
            raise UsageError(f"{number} chưa có giải trình; hãy ghi bằng “baocao finding explain” trước.")
        explanations.accept(connection, one.explanation.id, signed.name, signed.at, signed.reason)
        _note(connection, "accept_explanation", one, period, signed, one.explanation.text)
    return one


def _named(connection: Connection, period: Period, number: str) -> Listed:
    unit = number.rsplit("-", 4)[0]
    for one in listed_in(connection, period, unit):
        if one.number == number:
            return one
    raise UsageError(f"Kỳ {period.short} không có mục “{number}”; xem “baocao finding list --period {period}”.")


def _note(connection: Connection, action: str, one: Listed, period: Period, signed: Signature, text: str) -> None:
    details = {"rule": one.finding.rule, "place": place(one.finding), "value": one.finding.value, "text": text}
    subject = f"{one.submission.unit}/{period}/v{one.submission.version}"
    audit.record(connection, signed, action, subject, details, period=period)
