"""What is reported: figures against targets, tasks, forecasts, documents."""
