"""From stored figures to what they say about the plan: sums, ratios, verdicts, trends; with pandas."""
