"""A plan's files: loaded, told what is wrong with them, working days, and the plan after."""
