"""What Prefect finds in its home when it is started there for the first time."""
