"""Filled forms of our own and of other hands, right, faulty and hostile."""
