"""Homes and databases with something in them, and processes that work on them until they are killed."""
