"""What every program needs and no reporting: clock, errors, files, leases, the garbage collector."""
