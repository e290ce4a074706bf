"""The window as a process: beside ``serve``, or alone for those with workers; Prefect starts what it asks for."""
