"""What sample offices write, and the faults and habits of those who type it."""
