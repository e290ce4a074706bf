"""Settings, plan, database and the submission's code, opened once per process."""
