"""Whose a file is, what became of it, and what its sender is told."""
