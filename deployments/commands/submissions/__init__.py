"""``baocao submission``."""
