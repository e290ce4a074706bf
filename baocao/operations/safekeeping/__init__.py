"""Sao lưu và khôi phục: the whole house in one file, and back into an empty home."""

from baocao.operations.safekeeping.backup import Backup, back_up
from baocao.operations.safekeeping.restore import Restored, restore

__all__ = ["Backup", "Restored", "back_up", "restore"]
