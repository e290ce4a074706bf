"""The report of a period: prepared, approved, published, mailed."""
