"""Addresses of databases. The library is loaded when it is asked, because who only reads settings shall not wait."""

from pathlib import Path
from typing import TYPE_CHECKING

from baocao.system.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


def sqlite_address(path: Path) -> str:
    """The address of an SQLite database, whatever signs its path holds."""
    from sqlalchemy.engine import URL  # noqa: PLC0415 - see above

    return URL.create("sqlite", database=str(path)).render_as_string()


def parsed(url: str) -> "URL":
    """The address in its parts.

    Raises:
        UsageError: it is none.
    """
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - see above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - see above

    try:
        return make_url(url)
    except ArgumentError:
        raise UsageError("BAOCAO_DATABASE_URL không đúng dạng, ví dụ: sqlite:///var/baocao.db") from None


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite database; None for one that a server holds, whose files are none of ours.

    Raises:
        UsageError: the address is wrong.
    """
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def may_exist(url: str) -> bool:
    """Whether a database was ever made there; of a server's it is not known. Asking makes none."""
    path = sqlite_path(url)
    return path is None or path.is_file()
