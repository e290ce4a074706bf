"""What a unit does: looks at its month, takes the form, checks, hands in."""
