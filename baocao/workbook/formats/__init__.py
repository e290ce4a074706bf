"""The insides of the workbook formats: what must be known of them before, and beside, what calamine reads."""
