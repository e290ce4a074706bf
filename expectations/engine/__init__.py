"""Great Expectations at work: what we take of it, expectations of our own, suites, and a run over frames."""
