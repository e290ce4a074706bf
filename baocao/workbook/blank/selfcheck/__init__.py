"""Tự kiểm tra: the rules that a blank form holds itself, in formulas, so that faults show while it is filled in."""
