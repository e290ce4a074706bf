"""Every way a run starts: by hand, on one machine by schedule, by workers, and on a simulated clock."""
