"""The database library's words that the rest of the house may say; nobody outside the store imports the library."""

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

Unreachable = OperationalError
"""The database went away, stays locked or has no room, met outside of a transaction of ours."""

__all__ = ["Connection", "Engine", "Unreachable"]
