"""What was promised: the plan with its units, indicators, tasks, forms and calendar."""
