"""Prefect tasks, one file a step: load, call the library, save. Every step can be run again by anyone at any time."""
