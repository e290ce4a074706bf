"""Tổng kết: the final assessment in words."""
