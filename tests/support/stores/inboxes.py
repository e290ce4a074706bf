"""The folder into which the units lay their files."""

from pathlib import Path

UNITS = ("STTTT", "SCT", "SNV")
SIMULATED = b"PK so lieu mo phong"


def new_inbox(home: Path) -> Path:
    """An inbox with a subfolder for each unit of the pilot."""
    for unit in UNITS:
        (home / "inbox" / unit).mkdir(parents=True)
    return home / "inbox"


def lay(path: Path, content: bytes = SIMULATED) -> Path:
    """Lay a file, whatever folders that takes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
