"""The nouns of the reporting: pure values and functions, no input or output.

Imports only the standard library, pydantic and its own siblings.
"""
