"""The state in which a month ends, without who worked when, how often it was tried and what numbers were given."""

import re
from email import message_from_bytes, policy
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Column, Connection, Table, select

from baocao.store.schema import audit, mail, mailbox, published, reporting

SCHEMAS = (reporting, audit, mail, mailbox, published)
TABLES = {table for one in SCHEMAS for table in vars(one).values() if isinstance(table, Table)}
NUMBERED = (reporting.receipt, reporting.submission, reporting.report, audit.audit)
"""Tables whose ids a database gives: where a transaction was killed, PostgreSQL leaves its number out."""
UNCOMPARED = {
    "home": {"made_at"},
    "receipt": {"source_ref", "arrived_at", "held_by", "held_until"},
    "submission": {"arrival"},
    "message": {"message_id", "eml_file", "eml_sha256"},
    "delivery": {
        "attempts",
        "deferrals",
        "last_error",
        "note",
        "sent_at",
        "lease_token",
        "lease_holder",
        "lease_until",
    },
}
"""Columns that say who worked when, or how often it was tried, and not what is so."""

_NUMBERED = re.compile(r"((?:outbox/)?(?:quarantine|held|duplicate|early)[/~].*[/~])(\d+)((?:\.eml)?)")


class Numbers:
    """Places in the order of receipt for the numbers that the database gave."""

    def __init__(self, connection: Connection) -> None:
        tables = {f"{table.name}_id": table for table in NUMBERED}
        self._places = {
            name: {number: place for place, number in enumerate(connection.scalars(select(table.c.id).order_by("id")))}
            for name, table in tables.items()
        }

    def place(self, column: Column[Any], value: Any) -> Any:
        """A column's value, or the place for which its number stands."""
        name = f"{column.table.name}_id" if column.name == "id" else column.name
        if column.name.endswith("key") and value is not None:
            return self.plain(value)
        return self._places[name][value] if name in self._places else value

    def plain(self, key: str) -> str:
        """A message's key, or its file's name, with the place of the received file in it instead of its number."""
        found = _NUMBERED.fullmatch(key)
        return f"{found[1]}#{self._places['receipt_id'][int(found[2])]}{found[3]}" if found else key


def rows_of(connection: Connection, numbers: Numbers) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as far as it says what is so."""
    found = {}
    for table in TABLES:
        columns = [column for column in table.c if column.name not in UNCOMPARED.get(table.name, ())]
        rows = connection.execute(select(*columns).order_by(*table.primary_key))
        placed = [tuple(numbers.place(*pair) for pair in zip(columns, row, strict=True)) for row in rows]
        found[table.name] = sorted(placed, key=str)
    return found


def is_own(path: Path) -> bool:
    """What belongs to the database or to Prefect, or was half written at a kill (hidden until it is whole)."""
    return (
        path.name.startswith("baocao.db")
        or path.parts[0] == "prefect"
        or any(part.startswith(".") for part in path.parts)
    )


def content_of(home: Path, path: Path) -> object:
    """What a file of a home says; a mail about a received file, which gives its number, only by its headers."""
    data = (home / path).read_bytes()
    if path.suffix == ".eml":
        return mail_of(data, home, has_number=_NUMBERED.fullmatch(str(path)) is not None)
    return said_by(path.name, data, home)


def mail_of(data: bytes, home: Path, *, has_number: bool) -> object:
    """What a mail says, part by part."""
    message = message_from_bytes(data, policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart() and not has_number]
    said = [said_by(part.get_filename() or "", part.get_payload(decode=True), home) for part in parts]
    return message["To"], message["Subject"], message["Date"], said


def said_by(name: str, data: bytes, home: Path) -> object:
    """Bytes without the home's own path, packages without the moment of writing."""
    if not name.endswith((".xlsx", ".docx")) or not data.startswith(b"PK"):
        return _digest(data.replace(str(home.resolve()).encode(), b""))
    with ZipFile(BytesIO(data)) as package:
        return {part: _digest(package.read(part)) for part in package.namelist() if part != "docProps/core.xml"}


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is not as it would have been."""
    names = [(kind, name) for kind in expected for name in sorted({*expected[kind], *found[kind]}, key=str)]
    return [f"{kind}: {name}" for kind, name in names if expected[kind].get(name) != found[kind].get(name)]
