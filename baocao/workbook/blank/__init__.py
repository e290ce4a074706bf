"""Blank forms drawn: what a unit receives."""
