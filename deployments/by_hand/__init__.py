"""Flows run by hand, each in its command's process; where no server is up, with one that lives as long as it."""
