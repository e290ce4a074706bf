"""What every page stands on: the house, the person before it, the guards at the door, the look."""
