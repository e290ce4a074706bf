"""Giải trình: what units answered to warnings, and what the coordinator accepted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from baocao.domain.grouping import batched
from baocao.domain.received.explanation import Explanation, Matter
from baocao.domain.received.finding import Finding
from baocao.store.schema.reporting import explanation, submission

_AT_ONCE = 5000
Place = tuple[int, int]
"""A submission and the ordinal of one of its findings."""


def add(
    connection: Connection,
    place: Place,
    of: tuple[str, str],
    finding: Finding,
    text: str,
    told: tuple[str, datetime, str],
) -> None:
    """Keep the explanation of a finding; a later one of the same finding takes its place, and is not accepted yet.

    ``of``: unit and period (ISO text). ``told``: by whom, when (aware), and which way it came.
    """
    matter = Matter.of(of[0], finding)
    here = (explanation.c.submission_id == place[0], explanation.c.ordinal == place[1])
    connection.execute(explanation.delete().where(*here))
    values = {
        "submission_id": place[0],
        "ordinal": place[1],
        "unit": of[0],
        "period": of[1],
        "rule": matter.rule,
        "subject": matter.subject,
        "value": matter.value,
        "text": text,
    }
    by, at, channel = told
    connection.execute(insert(explanation).values(**values, explained_by=by, explained_at=at, channel=channel))


def accept(connection: Connection, number: int, by: str, at: datetime, reason: str) -> None:
    """Close the matter of an explanation."""
    values = {"accepted_by": by, "accepted_at": at, "accepted_reason": reason}
    connection.execute(update(explanation).where(explanation.c.id == number).values(**values))


def of_submissions(connection: Connection, identifiers: Sequence[int]) -> dict[Place, Explanation]:
    """The explanations of submissions by the finding that they are about."""
    found: dict[Place, Explanation] = {}
    for some in batched(identifiers, _AT_ONCE):
        query = (
            select(explanation, submission.c.version)
            .join(submission, submission.c.id == explanation.c.submission_id)
            .where(explanation.c.submission_id.in_(some))
        )
        for row in connection.execute(query).mappings():
            found[row["submission_id"], row["ordinal"]] = _explanation(row)
    return found


def closed_of(connection: Connection, units: Sequence[str]) -> Mapping[Matter, str]:
    """What the coordinator accepted of these units, by what it is about; of several, the text of the last."""
    closed: dict[Matter, str] = {}
    for some in batched(units, _AT_ONCE):
        mine = explanation.c.unit.in_(some)
        query = select(explanation).where(mine, explanation.c.accepted_by.is_not(None)).order_by(explanation.c.id)
        closed |= {_matter(row): row["text"] for row in connection.execute(query).mappings()}
    return closed


def _matter(row: RowMapping) -> Matter:
    return Matter(row["unit"], row["rule"], row["subject"], row["value"])


def _explanation(row: RowMapping) -> Explanation:
    names = ("id", "period", "version", "text", "explained_by", "explained_at", "channel")
    decided = ("accepted_by", "accepted_at", "accepted_reason")
    values: dict[str, Any] = {name: row[name] for name in (*names, *decided)}
    return Explanation(matter=_matter(row), **values)
