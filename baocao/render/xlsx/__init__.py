"""«so-lieu.xlsx»: the whole of a report as a workbook for people."""
