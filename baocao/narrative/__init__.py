"""From a report to sentences: what an officer would write. Pure."""
