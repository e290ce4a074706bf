"""The register of signed reports: each with its number, date, subject and signers; rows are only ever added."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from baocao.domain.planned.period import Period
from baocao.store.schema.published import release


@dataclass(frozen=True, slots=True)
class Release:
    """A signed report that went out. ``signers``: name and moment (ISO 8601, or empty) of each signature."""

    period: Period
    version: int
    number: str
    dated: date
    subject: str
    signers: tuple[tuple[str, str], ...]
    sha256: str
    released_by: str
    released_at: datetime

    def as_row(self) -> dict[str, Any]:
        """As ``report register --json`` prints it."""
        return {
            "period": str(self.period),
            "version": self.version,
            "number": self.number,
            "date": self.dated.isoformat(),
            "subject": self.subject,
            "signers": [{"name": name, "at": at or None} for name, at in self.signers],
            "sha256": self.sha256,
            "released_by": self.released_by,
            "released_at": self.released_at.isoformat(),
        }


def add(connection: Connection, one: Release) -> None:
    """Enter a release, in the transaction that publishes it."""
    values = {name: getattr(one, name) for name in Release.__dataclass_fields__}
    values |= {"period": str(one.period), "signers": [list(signer) for signer in one.signers]}
    connection.execute(insert(release).values(**values))


def every(connection: Connection) -> list[Release]:
    """The register, in the order in which they went out."""
    query = select(release).order_by(release.c.released_at, release.c.period)
    return [_release(dict(row)) for row in connection.execute(query).mappings()]


def _release(row: dict[str, Any]) -> Release:
    signers = tuple((name, at) for name, at in row["signers"])
    return Release(**row | {"period": Period.parse(row["period"]), "signers": signers})
