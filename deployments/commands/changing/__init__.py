"""Commands that change what a plan is made of: its official forms, and the plan of a home with history."""
