"""Sessions of the window, known by keyed hashes of their tokens."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from baocao.store.schema.window import sign_in_session


def open_session(connection: Connection, token_hash: str, address: str, now: datetime, until: datetime) -> None:
    """Begin a session; those that are over are forgotten."""
    connection.execute(delete(sign_in_session).where(sign_in_session.c.expires_at <= now))
    row = {"token_hash": token_hash, "address": address, "opened_at": now, "expires_at": until}
    connection.execute(insert(sign_in_session).values(**row))


def address_of(connection: Connection, token_hash: str, now: datetime) -> str | None:
    """Whose session it is; None where it is over or never was."""
    mine = (sign_in_session.c.token_hash == token_hash, sign_in_session.c.expires_at > now)
    address: str | None = connection.scalar(select(sign_in_session.c.address).where(*mine))
    return address


def end_session(connection: Connection, token_hash: str) -> None:
    """End one session. Idempotent."""
    connection.execute(delete(sign_in_session).where(sign_in_session.c.token_hash == token_hash))


def end_sessions_of(connection: Connection, address: str) -> None:
    """End every session of an address, on all machines. Idempotent."""
    connection.execute(delete(sign_in_session).where(sign_in_session.c.address == address))
