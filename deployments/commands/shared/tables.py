"""Tables on narrow terminals."""

from rich.console import Console

WIDE = 100


def padding_on(console: Console) -> tuple[int, int]:
    """The room around a cell, up and down and at its sides: none at its sides where a date would be cut for it."""
    return 0, 1 if console.width >= WIDE else 0
