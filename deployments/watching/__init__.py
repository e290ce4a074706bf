"""Arrivals start the collection: watched, told to Prefect as events, which its trigger answers with a run."""
