"""Letters as units and strangers write them, and the processes that take them in."""
