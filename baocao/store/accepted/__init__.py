"""What the accepted submissions say: figures as frames, sums and the past."""
