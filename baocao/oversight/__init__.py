"""What is due, how things stand, and what operators are told."""
