"""What came in: submissions, findings, and how the units stand."""
