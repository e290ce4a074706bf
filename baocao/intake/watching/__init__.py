"""Whether something has come: told at once where the system tells of it, found by looking where it does not."""
