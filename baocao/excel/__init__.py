"""How our workbooks look, and how values get into their cells."""
