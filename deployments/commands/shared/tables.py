"""Tables on narrow terminals."""

from typing import Any

from rich.console import Console
from rich.table import Table

WIDE = 100


def padding_on(console: Console) -> tuple[int, int]:
    """The room around a cell, up and down and at its sides: none at its sides where a date would be cut for it."""
    return 0, 1 if console.width >= WIDE else 0


def folding(*headers: str, **look: Any) -> Table:
    """A table whose cells are folded where they are too long, never cut; ``look`` as rich's Table has it."""
    table = Table(**look)
    for header in headers:
        table.add_column(header, overflow="fold")
    return table
