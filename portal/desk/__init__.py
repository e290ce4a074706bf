"""What a coordinator does: sees what waits, and decides."""
