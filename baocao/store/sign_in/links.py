"""Links by which people sign in at the window, each good once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from baocao.store.schema.window import sign_in_link


def links_asked(connection: Connection, address: str, network: str, since: datetime) -> tuple[int, int]:
    """How many links were mailed since a moment (aware): to this address, and for this network."""
    recent = sign_in_link.c.asked_at > since
    counts = (
        connection.scalar(select(func.count()).select_from(sign_in_link).where(recent, whose))
        for whose in (sign_in_link.c.address == address, sign_in_link.c.network == network)
    )
    of_address, of_network = (count or 0 for count in counts)
    return of_address, of_network


def add_link(connection: Connection, row: Mapping[str, Any]) -> int:
    """Note a link, by the columns of its table, in the transaction that queues its mail; the link's number."""
    number: int = connection.execute(insert(sign_in_link).values(**row).returning(sign_in_link.c.id)).scalar_one()
    return number


def is_good(connection: Connection, code_hash: str, now: datetime) -> bool:
    """Whether a link can still be used; looking does not use it up."""
    return connection.scalar(select(sign_in_link.c.id).where(*_good(code_hash, now))) is not None


def use_link(connection: Connection, code_hash: str, now: datetime) -> str | None:
    """The address that a link was mailed to, which is used up by this; None where it is no good (any more)."""
    used = update(sign_in_link).where(*_good(code_hash, now)).values(used_at=now).returning(sign_in_link.c.address)
    address: str | None = connection.execute(used).scalar_one_or_none()
    return address


def _good(code_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    link = sign_in_link.c
    return link.code_hash == code_hash, link.used_at.is_(None), link.expires_at > now


def forget_links(connection: Connection, before: datetime) -> None:
    """Forget the links that were asked for before a moment; those of the last hour count for the limits."""
    connection.execute(delete(sign_in_link).where(sign_in_link.c.asked_at < before))
