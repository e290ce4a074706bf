"""The migrations that this program knows, by name; read off their files, so that no library is needed."""

from pathlib import Path

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def head_revision() -> str:
    """The newest migration's name: migration files are named by their revision, in order."""
    return max(known_revisions())


def known_revisions() -> set[str]:
    """The names of all migrations of this program."""
    return {path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
