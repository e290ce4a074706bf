"""What is asked and decided about reports that are made: where a figure is from, answers to proposals, the release."""
