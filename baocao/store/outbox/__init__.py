"""Sổ thư đi: messages and their deliveries as rows; how they are written and sent is the mail room's affair."""
