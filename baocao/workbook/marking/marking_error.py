"""A workbook that cannot be marked as it is."""

from baocao.system.errors import UsageError


class CannotMarkError(UsageError):
    """There is nothing that could be marked and sent back."""
