"""Coming in at the window: links that were mailed, sessions that they opened."""
