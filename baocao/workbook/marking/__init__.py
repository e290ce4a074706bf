"""Returned copies: faulty cells coloured and listed."""
