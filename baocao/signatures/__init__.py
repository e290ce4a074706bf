"""Chữ ký số: what a signature on a PDF says, asked of no network."""
