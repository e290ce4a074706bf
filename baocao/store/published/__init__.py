"""What becomes of a report after it is made."""
