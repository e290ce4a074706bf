"""Trình bày: one report as Word document, PDF, workbook, mail and charts; all say the same."""
