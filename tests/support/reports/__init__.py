"""Reports and figures written by hand, for the prose and the renderers."""
