"""The database itself: opened, its dialects, dumped and put back."""
