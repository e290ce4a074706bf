"""A month's life: undisturbed, killed at any moment, lived by the real clock."""
