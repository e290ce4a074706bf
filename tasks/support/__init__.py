"""What the steps share: progress, retries, handing on large values."""
