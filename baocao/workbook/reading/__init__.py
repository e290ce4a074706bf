"""Filled forms read: typed rows under their cells, and every fault that keeps one from being read."""
