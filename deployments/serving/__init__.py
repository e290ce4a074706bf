"""Runs that start by themselves: Prefect's server, deployments, schedules, workers."""
