"""Marks written straight into a workbook's package: only the parts that change are parsed, all others are carried."""
