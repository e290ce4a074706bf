"""Files from outside opened in processes that can be killed."""
