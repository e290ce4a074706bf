"""Commands without their start-up: under ``serve`` a process has all libraries loaded and forks for each command."""
