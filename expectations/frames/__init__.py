"""Typed frames, one sheet a module."""
