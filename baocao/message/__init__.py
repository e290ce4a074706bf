"""One received message, opened in a reader process: who sent it, what it holds, what it says."""
